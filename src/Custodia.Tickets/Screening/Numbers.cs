namespace Custodia.Tickets.Screening;

/// <summary>
/// Finds mobile numbers, resident identity numbers and payment cards among the digits of a text. Groups of digits are joined over
/// blanks, hyphens, dots and brackets; a number that is part of a longer token (an identifier, a decimal, a hash) does not count.
/// </summary>
internal static class Numbers
{
    private const int MostGroups = 8;
    private const int MostDigits = 19;

    public static void Find(string text, ref List<Finding>? found)
    {
        if (!text.AsSpan().ContainsAnyInRange('0', '9')) return;
        var groups = Groups(text);
        for (var first = 0; first < groups.Count;)
        {
            var last = Longest(text, groups, first, ref found);
            first = last < 0 ? first + 1 : last + 1;
        }
    }

    // The longest run of groups from here that is something; -1 when none is.
    private static int Longest(string text, List<DigitGroup> groups, int first, ref List<Finding>? found)
    {
        var end = first;
        var digits = groups[first].Length;
        while (end + 1 < groups.Count && end + 1 - first < MostGroups && Joined(text, groups[end], groups[end + 1])
            && digits + groups[end + 1].Length <= MostDigits)
        {
            end++;
            digits += groups[end].Length;
        }

        for (var last = end; last >= first; last--)
        {
            var number = NumberInText.Of(text, groups, first, last);
            if (number.Digits.Length < 7) break;
            if (Judge(number) is not { } finding) continue;
            (found ??= []).Add(finding);
            return last;
        }

        return -1;
    }

    private static Finding? Judge(NumberInText number)
    {
        if (number.IsInsideToken) return null;
        return ResidentIds.Judge(number) ?? Mobiles.JudgeChina(number) ?? PaymentCards.Judge(number) ?? Mobiles.JudgeOthers(number);
    }

    private static List<DigitGroup> Groups(string text)
    {
        var groups = new List<DigitGroup>();
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i])) continue;
            var start = i;
            while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
            groups.Add(new DigitGroup(start, i));
        }

        return groups;
    }

    private static bool Joined(string text, DigitGroup left, DigitGroup right)
    {
        var between = text.AsSpan(left.End, right.Start - left.End);
        return between.Length switch
        {
            1 => between[0] is ' ' or '-' or '.' or '\u2013' or '\u2010' or '\u2011',
            2 => between is ") " or " (" or ")-" or "- " or " -",
            3 => between is " - ",
            _ => false,
        };
    }
}

internal readonly record struct DigitGroup(int Start, int End)
{
    public int Length => End - Start;
}
