using System.Globalization;

namespace Custodia.Tickets.Screening;

/// <summary>Resident identity numbers of China (GB 11643-1999): province, birth date, sequence, check character of ISO 7064 MOD 11-2.</summary>
internal static class ResidentIds
{
    private const string Checks = "10X98765432";
    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    public static Finding? Judge(NumberInText number)
    {
        if (number.HasDots) return null;
        var length = number.Length;
        char check;
        if (number.Digits.Length == 18)
        {
            check = number.Digits[17];
        }
        else if (number.Digits.Length == 17 && number.End < number.Text.Length && number.Text[number.End] is 'x' or 'X'
            && !(number.End + 1 < number.Text.Length && char.IsAsciiLetterOrDigit(number.Text[number.End + 1])))
        {
            check = 'X';
            length++;
        }
        else
        {
            return null;
        }

        if (!IsValid(number.Digits, check)) return null;
        return new Finding(SecretKind.ResidentId, number.Context().IsOther ? Certainty.Likely : Certainty.Sure, number.Start, length);
    }

    private static bool IsValid(string digits, char check)
    {
        if (digits[0] is < '1' or > '8' || digits[1] is '0' or > '7') return false;
        if (!DateOnly.TryParseExact(digits.AsSpan(6, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born)) return false;
        if (born.Year is < 1900 or > 2100) return false;
        var sum = 0;
        for (var i = 0; i < Weights.Length; i++) sum += (digits[i] - '0') * Weights[i];
        return Checks[sum % 11] == check;
    }
}
