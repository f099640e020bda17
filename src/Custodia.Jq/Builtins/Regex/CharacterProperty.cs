using System.Collections.Frozen;
using System.Globalization;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>What <c>\p{…}</c>, <c>[:…:]</c> and <c>\w</c> stand for: general categories, and code points besides.</summary>
/// <param name="Categories">A mask, bit by bit as <see cref="UnicodeCategory"/> counts.</param>
/// <param name="Ranges">Normal, as <see cref="CodeRanges"/> has them.</param>
internal sealed record CharacterProperty(uint Categories, List<(int From, int To)> Ranges)
{
    /// <summary>In the order of <see cref="UnicodeCategory"/>.</summary>
    public static readonly string[] CategoryNames =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
        "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    public static readonly CharacterProperty Word = Of("L M N Pc");
    public static readonly CharacterProperty Digit = Of("Nd");
    public static readonly CharacterProperty Space = Of("Z", (0x09, 0x0D), (0x85, 0x85));

    private static readonly FrozenDictionary<string, CharacterProperty> Posix = new Dictionary<string, CharacterProperty>(StringComparer.Ordinal)
    {
        ["alnum"] = Of("L Nl Mc Nd"),
        ["alpha"] = Of("L Nl Mc"),
        ["ascii"] = Of("", (0, 0x7F)),
        ["blank"] = Of("Zs", (0x09, 0x09)),
        ["cntrl"] = Of("Cc"),
        ["digit"] = Digit,
        ["graph"] = Of("L M N P S Cf Co"),
        ["lower"] = Of("Ll", (0xAA, 0xAA), (0xBA, 0xBA)),
        ["print"] = Of("L M N P S Cf Co Zs"),
        ["punct"] = Of("P", (0x24, 0x24), (0x2B, 0x2B), (0x3C, 0x3E), (0x5E, 0x5E), (0x60, 0x60), (0x7C, 0x7C), (0x7E, 0x7E)),
        ["space"] = Space,
        ["upper"] = Of("Lu"),
        ["word"] = Word,
        ["xdigit"] = Of("", (0x30, 0x39), (0x41, 0x46), (0x61, 0x66)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, CharacterProperty> Others = new Dictionary<string, CharacterProperty>(StringComparer.Ordinal)
    {
        ["any"] = Of("", (0, CodeRanges.Last)),
        ["assigned"] = Of("L M N P S Z Cc Cf Cs Co"),
        ["alphabetic"] = Posix["alpha"],
        ["uppercase"] = Posix["upper"],
        ["lowercase"] = Posix["lower"],
        ["whitespace"] = Space,
        ["arabic"] = Of("", (0x600, 0x604), (0x606, 0x60B), (0x60D, 0x61A), (0x61C, 0x61E), (0x620, 0x63F), (0x641, 0x64A), (0x656, 0x66F), (0x671, 0x6DC), (0x6DE, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
        ["cyrillic"] = Of("", (0x400, 0x484), (0x487, 0x52F), (0x1C80, 0x1C88), (0x1D2B, 0x1D2B), (0x1D78, 0x1D78), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)),
        ["devanagari"] = Of("", (0x900, 0x950), (0x955, 0x963), (0x966, 0x97F), (0xA8E0, 0xA8FF)),
        ["greek"] = Of("", (0x370, 0x373), (0x375, 0x377), (0x37A, 0x37D), (0x37F, 0x37F), (0x384, 0x384), (0x386, 0x386), (0x388, 0x3E1), (0x3F0, 0x3FF), (0x1F00, 0x1FFE), (0x2126, 0x2126)),
        ["han"] = Of("", (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAD9), (0x20000, 0x2FA1D), (0x30000, 0x323AF)),
        ["hangul"] = Of("", (0x1100, 0x11FF), (0x302E, 0x302F), (0x3131, 0x318E), (0x3200, 0x321E), (0x3260, 0x327E), (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xD7B0, 0xD7C6), (0xD7CB, 0xD7FB)),
        ["hebrew"] = Of("", (0x591, 0x5C7), (0x5D0, 0x5EA), (0x5EF, 0x5F4), (0xFB1D, 0xFB4F)),
        ["hiragana"] = Of("", (0x3041, 0x3096), (0x309D, 0x309F), (0x1B001, 0x1B11F), (0x1F200, 0x1F200)),
        ["katakana"] = Of("", (0x30A1, 0x30FA), (0x30FD, 0x30FF), (0x31F0, 0x31FF), (0x32D0, 0x32FE), (0x3300, 0x3357), (0xFF66, 0xFF6F), (0xFF71, 0xFF9D)),
        ["latin"] = Of("", (0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2B8), (0x2E0, 0x2E4), (0x1D00, 0x1D25), (0x1D2C, 0x1D5C), (0x1D62, 0x1D65), (0x1D6B, 0x1D77), (0x1D79, 0x1DBE), (0x1E00, 0x1EFF), (0x2071, 0x2071), (0x207F, 0x207F), (0x2090, 0x209C), (0x212A, 0x212B), (0x2132, 0x2132), (0x214E, 0x214E), (0x2160, 0x2188), (0x2C60, 0x2C7F), (0xA722, 0xA787), (0xA78B, 0xA7FF), (0xAB30, 0xAB5A), (0xAB5C, 0xAB64), (0xFB00, 0xFB06), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)),
        ["thai"] = Of("", (0xE01, 0xE3A), (0xE40, 0xE5B)),
        ["letter"] = Of("L"),
        ["mark"] = Of("M"),
        ["number"] = Of("N"),
        ["punctuation"] = Of("P"),
        ["symbol"] = Of("S"),
        ["separator"] = Of("Z"),
        ["other"] = Of("C"),
        ["uppercaseletter"] = Of("Lu"),
        ["lowercaseletter"] = Of("Ll"),
        ["titlecaseletter"] = Of("Lt"),
        ["decimalnumber"] = Digit,
        ["control"] = Of("Cc"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A name in brackets, e.g. <c>alpha</c>; null where there is none.</summary>
    public static CharacterProperty? FindPosix(string name) => Posix.GetValueOrDefault(name);

    /// <summary>A name in <c>\p{…}</c>: a category, a POSIX name or one of the larger scripts; case, spaces, <c>-</c> and <c>_</c> do not count.</summary>
    public static CharacterProperty? Find(string name)
    {
        var plain = string.Concat(name.Where(c => c is not (' ' or '-' or '_'))).ToLowerInvariant();
        if (Posix.TryGetValue(plain, out var found) || Others.TryGetValue(plain, out found)) return found;
        if (plain.Length is not (1 or 2)) return null;
        var category = char.ToUpperInvariant(plain[0]) + plain[1..];
        return CategoryNames.Any(n => n.StartsWith(category, StringComparison.Ordinal)) ? Of(category) : null;
    }

    /// <summary>All its code points.</summary>
    public List<(int From, int To)> All() => CodeRanges.Normal([.. CodeRanges.Of(Categories), .. Ranges]);

    private static CharacterProperty Of(string categories, params List<(int From, int To)> ranges)
    {
        var mask = 0u;
        foreach (var beginning in categories.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            for (var i = 0; i < CategoryNames.Length; i++)
            {
                if (CategoryNames[i].StartsWith(beginning, StringComparison.Ordinal)) mask |= 1u << i;
            }
        }

        return new CharacterProperty(mask, ranges);
    }
}
