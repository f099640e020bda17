using System.Globalization;
using System.Text;

namespace Custodia.Jq.Builtins.Regex;

/// <summary>Escapes that stand for a set of characters or for one, in classes and outside.</summary>
internal ref struct EscapeReader(string pattern, int at)
{
    /// <summary>Behind what was read.</summary>
    public int At { get; private set; } = at;

    /// <summary>Reads <c>\w</c>, <c>\p{…}</c> and the like into a set; false where there is none, and nothing is read.</summary>
    public bool ReadSet(CharacterSet set)
    {
        var unit = At + 1 < pattern.Length ? pattern[At + 1] : throw PatternProblem.Of("end pattern at escape");
        var property = char.ToLowerInvariant(unit) switch
        {
            'w' => CharacterProperty.Word,
            'd' => CharacterProperty.Digit,
            's' => CharacterProperty.Space,
            _ => null,
        };
        if (property is not null)
        {
            set.Add(property, isNegated: char.IsAsciiLetterUpper(unit));
            At += 2;
            return true;
        }

        if (unit is not ('p' or 'P') || At + 2 >= pattern.Length || pattern[At + 2] != '{') return false;
        ReadProperty(set, isNegated: unit == 'P');
        return true;
    }

    /// <summary>The code point of an escape; what has no meaning stands for itself.</summary>
    public int ReadCharacter()
    {
        if (At + 1 >= pattern.Length) throw PatternProblem.Of("end pattern at escape");
        var unit = pattern[At + 1];
        switch (unit)
        {
            case 'x':
                return ReadHex();
            case 'o' when pattern.AsSpan(At + 2) is ['{', >= '0' and <= '7', ..]:
                return ReadOctalInBraces();
            case >= '0' and <= '7':
                return ReadOctal();
            case 'c':
                if (At + 2 >= pattern.Length) throw PatternProblem.Of("end pattern at control");
                At += 3;
                return pattern[At - 1] == '?' ? 0x7F : pattern[At - 1] & 0x1F;
        }

        var rune = Rune.TryGetRuneAt(pattern, At + 1, out var whole) ? whole : Rune.ReplacementChar;
        At += 1 + rune.Utf16SequenceLength;
        return rune.Value switch
        {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\f',
            'a' => '\a',
            'e' => 0x1B,
            var other => other,
        };
    }

    private void ReadProperty(CharacterSet set, bool isNegated)
    {
        var start = At + 3;
        var end = pattern.IndexOf('}', start);
        if (end < 0) throw PatternProblem.Of($"invalid character property name {{{pattern[start..]}}}");
        var name = pattern[start..end];
        var isTurned = name.StartsWith('^');
        var property = CharacterProperty.Find(isTurned ? name[1..] : name) ?? throw PatternProblem.Of($"invalid character property name {{{name}}}");
        set.Add(property, isNegated != isTurned);
        At = end + 1;
    }

    // \x{1F600} is a code point; \xF0\x9F\x98\x80 are the bytes of its UTF-8.
    private int ReadHex()
    {
        if (At + 2 < pattern.Length && pattern[At + 2] == '{' && pattern.IndexOf('}', At) is var end && end > At + 3)
        {
            var digits = pattern.AsSpan((At + 3)..end);
            if (!uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)) throw PatternProblem.Of("invalid code point value");
            if (!Rune.IsValid(code)) throw PatternProblem.Of("too big wide-char value");
            At = end + 1;
            return (int)code;
        }

        var first = ReadByte();
        if (first < 0x80) return first;
        Span<byte> bytes = stackalloc byte[4];
        bytes[0] = (byte)first;
        var length = 1;
        while (length < 4 && At + 1 < pattern.Length && pattern[At] == '\\' && pattern[At + 1] == 'x')
        {
            bytes[length++] = (byte)ReadByte();
            if (Rune.DecodeFromUtf8(bytes[..length], out var rune, out _) == System.Buffers.OperationStatus.Done) return rune.Value;
        }

        throw PatternProblem.Of("too short multibyte string");
    }

    private int ReadByte()
    {
        At += 2;
        var value = 0;
        for (var i = 0; i < 2 && At < pattern.Length && char.IsAsciiHexDigit(pattern[At]); i++) value = (value * 16) + Convert.ToInt32(pattern[At++].ToString(), 16);
        return value;
    }

    private int ReadOctalInBraces()
    {
        var end = pattern.IndexOf('}', At);
        long code = 0;
        for (At += 3; At < end && pattern[At] is >= '0' and <= '7'; At++) code = Math.Min((code * 8) + pattern[At] - '0', uint.MaxValue);
        if (end < 0 || At != end || !Rune.IsValid((uint)code)) throw PatternProblem.Of("invalid code point value");
        At++;
        return (int)code;
    }

    private int ReadOctal()
    {
        At++;
        var value = 0;
        for (var i = 0; i < 3 && At < pattern.Length && pattern[At] is >= '0' and <= '7'; i++) value = (value * 8) + pattern[At++] - '0';
        return value & 0xFF;
    }
}
