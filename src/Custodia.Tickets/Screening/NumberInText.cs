namespace Custodia.Tickets.Screening;

/// <summary>A candidate: some groups of digits and what stands around them.</summary>
/// <param name="Digits">The digits alone.</param>
/// <param name="Shape">Lengths of the groups, e.g. <c>3,4,4</c>.</param>
internal readonly record struct NumberInText(string Text, int Start, int End, string Digits, string Shape)
{
    // How far back a word still belongs to the number.
    private const int Reach = 28;

    private static readonly string[] PhoneWords =
        ["phone", "mobile", "cell", "tel", "whatsapp", "call me", "reach me", "text me", "my number", "contact number", "wechat",
            "电话", "手机", "联系方式", "联系我", "致电", "微信", "電話", "手機", "号码是", "打给"];

    private static readonly string[] OtherWords =
        ["order", "ticket", "invoice", "tracking", "serial", "imei", "uid", "uin", "appid", "app id", "request", "trace", "transaction", "instance",
            "build", "version", "error", "code", "no.", "订单", "单号", "流水", "编号", "工单", "序列号", "实例", "请求", "版本", "错误码", "交易"];

    public static NumberInText Of(string text, List<DigitGroup> groups, int first, int last)
    {
        if (first == last)
            return new NumberInText(text, groups[first].Start, groups[first].End, text[groups[first].Start..groups[first].End], groups[first].Length.ToString());
        var parts = groups[first..(last + 1)];
        return new NumberInText(
            text,
            parts[0].Start,
            parts[^1].End,
            string.Concat(parts.Select(g => text[g.Start..g.End])),
            string.Join(',', parts.Select(g => g.Length)));
    }

    public int Length => End - Start;

    /// <summary>A plus sign in front makes it an international number.</summary>
    public bool HasPlus => Start > 0 && Text[Start - 1] == '+' && !(Start > 1 && char.IsAsciiLetterOrDigit(Text[Start - 2]));

    public bool HasDots => Text.AsSpan(Start, Length).Contains('.');

    /// <summary>Part of a word, a decimal, a hexadecimal or dotted number, or of a longer row of groups.</summary>
    public bool IsInsideToken
    {
        get
        {
            if (Start > 0)
            {
                var before = Text[Start - 1];
                if (before == '_' || (char.IsAsciiLetter(before) && !Context().IsPhone)) return true;
                if (before is '.' or ',' or '/' && Start > 1 && char.IsAsciiDigit(Text[Start - 2])) return true;
            }

            if (End >= Text.Length) return false;
            var after = Text[End];
            if (after == '_' || (char.IsAsciiLetter(after) && after is not ('x' or 'X'))) return true;
            return after is '.' or ',' && End + 1 < Text.Length && char.IsAsciiDigit(Text[End + 1]);
        }
    }

    /// <summary>Glued with a hyphen to letters or digits: rather an identifier.</summary>
    public bool IsGlued =>
        (Start > 1 && Text[Start - 1] is '-' or '#' or '=' && char.IsAsciiLetterOrDigit(Text[Start - 2]) && !Context().IsPhone && Text[Start - 1] != '=')
        || (End + 1 < Text.Length && Text[End] == '-' && char.IsAsciiLetterOrDigit(Text[End + 1]));

    /// <summary>What the words just before say it is; the nearest word decides.</summary>
    public (bool IsPhone, bool IsOther) Context()
    {
        var from = Math.Max(0, Start - Reach);
        var before = Text.AsSpan(from, Start - from);
        var cut = before.LastIndexOfAny("\n。;；!?！？");
        if (cut >= 0) before = before[(cut + 1)..];
        var phone = Nearest(before, PhoneWords);
        var other = Nearest(before, OtherWords);
        return (phone > other, other >= 0 && other > phone);
    }

    /// <summary>A date or a date with a time, as in <c>2024-01-15</c> or <c>20240115</c>.</summary>
    public bool LooksLikeDate =>
        Digits.Length is >= 8 and <= 14
        && int.Parse(Digits.AsSpan(0, 4)) is >= 1900 and <= 2100
        && int.Parse(Digits.AsSpan(4, 2)) is >= 1 and <= 12
        && int.Parse(Digits.AsSpan(6, 2)) is >= 1 and <= 31;

    private static int Nearest(ReadOnlySpan<char> before, string[] words)
    {
        var nearest = -1;
        foreach (var word in words)
        {
            var at = before.LastIndexOf(word, StringComparison.OrdinalIgnoreCase);
            var insideWord = at > 0 && char.IsAsciiLetter(word[0]) && char.IsAsciiLetter(before[at - 1]);
            if (!insideWord) nearest = Math.Max(nearest, at);
        }

        return nearest;
    }
}
