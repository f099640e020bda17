namespace Custodia.Tickets.Screening;

/// <summary>Mobile numbers: mainland China by its numbering plan, others in international form or after a word for phone.</summary>
internal static class Mobiles
{
    public static Finding? JudgeChina(NumberInText number)
    {
        var (digits, shape) = Local(number);
        if (digits.Length != 11 || !IsChineseMobile(digits)) return null;
        if (shape is not ("11" or "3,4,4" or "3,8" or "5,6" or "7,4" or "3,3,5")) return null;
        var (phone, other) = number.Context();
        var certainty = !phone && (other || number.IsGlued) ? Certainty.Likely : Certainty.Sure;
        return new Finding(SecretKind.Mobile, certainty, number.Start, number.Length);
    }

    public static Finding? JudgeOthers(NumberInText number)
    {
        if (number.HasDots && number.Shape.Count(c => c == ',') != 2) return null;
        var length = number.Digits.Length;
        if (number.HasPlus && length is >= 8 and <= 15 && CallingCodes.Starts(number.Digits))
            return new Finding(SecretKind.Mobile, length >= 10 ? Certainty.Sure : Certainty.Likely, number.Start - 1, number.Length + 1);
        if (length is < 8 or > 15 || number.LooksLikeDate || IsHotline(number.Digits)) return null;
        return number.Context().IsPhone ? new Finding(SecretKind.Mobile, Certainty.Likely, number.Start, number.Length) : null;
    }

    // Without the country's code: 86, +86, 0086.
    private static (string Digits, string Shape) Local(NumberInText number)
    {
        var (digits, shape) = (number.Digits, number.Shape);
        foreach (var code in (ReadOnlySpan<string>)["0086", "86"])
        {
            if (!digits.StartsWith(code, StringComparison.Ordinal) || digits.Length != code.Length + 11) continue;
            var first = shape.IndexOf(',', StringComparison.Ordinal);
            var firstLength = int.Parse(first < 0 ? shape : shape[..first]);
            if (firstLength == code.Length) return (digits[code.Length..], shape[(first + 1)..]);
            return (digits[code.Length..], first < 0 ? "11" : $"{firstLength - code.Length}{shape[first..]}");
        }

        return (digits, shape);
    }

    /// <summary>Second and third digit as assigned by MIIT.</summary>
    private static bool IsChineseMobile(string digits) =>
        digits[0] == '1' && digits[1] switch
        {
            '3' or '8' => true,
            '4' => digits[2] is >= '5' and <= '9',
            '5' => digits[2] != '4',
            '6' => digits[2] is '2' or '5' or '6' or '7',
            '7' => digits[2] is not '9',
            '9' => digits[2] != '4',
            _ => false,
        };

    // Companies' numbers are not personal: 400 and 800 numbers of China, toll-free numbers of North America.
    private static bool IsHotline(string digits) =>
        digits.Length == 10 && (digits.StartsWith("400", StringComparison.Ordinal) || digits.StartsWith("800", StringComparison.Ordinal) || digits.StartsWith("888", StringComparison.Ordinal))
        || (digits.Length == 11 && digits.StartsWith("1800", StringComparison.Ordinal));
}

/// <summary>Country calling codes (ITU-T E.164).</summary>
internal static class CallingCodes
{
    private static readonly string[] Two =
        ["20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58",
            "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98"];

    public static bool Starts(string digits) =>
        digits[0] is '1' or '7'
        || Array.Exists(Two, code => digits.StartsWith(code, StringComparison.Ordinal))
        || digits[..2] is "21" or "22" or "23" or "24" or "25" or "26" or "29" or "35" or "37" or "38" or "42" or "50" or "59" or "67" or "68" or "69" or "80" or "85" or "87" or "88" or "96" or "97" or "99";
}
