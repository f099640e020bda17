namespace Custodia.Identity.Sms;

/// <summary>Country calling codes of international numbers (ITU-T E.164, list of assigned codes): one to three digits, none the beginning of another.</summary>
internal static class CallingCodes
{
    private static readonly string[] TwoDigits =
    [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66",
        "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    ];

    /// <summary>The code of a number such as <c>+447700900123</c>; null for one that is not in international form (7 to 15 digits).</summary>
    public static string? Of(string number)
    {
        if (number.Length is < 8 or > 16 || number[0] != '+' || number[1] == '0' || !number.AsSpan(1).ContainsOnlyDigits()) return null;
        return number[1] is '1' or '7' ? number[1..2]
            : TwoDigits.Contains(number[1..3], StringComparer.Ordinal) ? number[1..3]
            : number[1..4];
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
