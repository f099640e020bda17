namespace Custodia.Tickets.Screening;

/// <summary>Payment cards: issuer prefix and length (ISO/IEC 7812), Luhn's check digit, digits in the groups that cards are printed in.</summary>
internal static class PaymentCards
{
    public static Finding? Judge(NumberInText number)
    {
        var digits = number.Digits;
        if (digits.Length is < 14 or > 19 || number.HasDots || number.HasPlus || !IsPrinted(number.Shape)) return null;
        if (!HasIssuer(digits) || !IsLuhn(digits)) return null;
        var certainty = number.Context().IsOther || number.IsGlued ? Certainty.Likely : Certainty.Sure;
        return new Finding(SecretKind.PaymentCard, certainty, number.Start, number.Length);
    }

    private static bool IsPrinted(string shape) =>
        !shape.Contains(',', StringComparison.Ordinal) || shape is "4,4,4,4" or "4,4,4,4,3" or "4,6,5" or "4,6,4" or "6,13" or "4,4,4,4,2" or "4,4,4,4,1" or "8,8" or "6,10";

    private static bool HasIssuer(string digits)
    {
        var two = int.Parse(digits.AsSpan(0, 2));
        var three = int.Parse(digits.AsSpan(0, 3));
        var four = int.Parse(digits.AsSpan(0, 4));
        return digits.Length switch
        {
            14 => three is >= 300 and <= 305 || two is 36 or 38 or 39,
            15 => two is 34 or 37,
            16 => digits[0] == '4' || two is (>= 51 and <= 55) or 62 or 65 || four is (>= 2221 and <= 2720) or (>= 2200 and <= 2204) or 6011 or (>= 3528 and <= 3589)
                || three is >= 644 and <= 649,
            17 or 18 => two == 62,
            19 => two is 62 or 65 || digits[0] == '4',
            _ => false,
        };
    }

    internal static bool IsLuhn(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            if (i % 2 == 1) digit = digit * 2 > 9 ? (digit * 2) - 9 : digit * 2;
            sum += digit;
        }

        return sum % 10 == 0;
    }
}
