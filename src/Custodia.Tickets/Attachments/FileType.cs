using System.Text;

namespace Custodia.Tickets.Attachments;

/// <summary>What may be uploaded, told by content. Names and declared types count for nothing.</summary>
internal sealed record FileType(string MediaType, params IReadOnlyList<string> Extensions)
{
    public const int HeadLength = 16;

    public static readonly FileType Png = new("image/png", ".png");
    public static readonly FileType Jpeg = new("image/jpeg", ".jpg", ".jpeg");
    public static readonly FileType Gif = new("image/gif", ".gif");
    public static readonly FileType WebP = new("image/webp", ".webp");
    public static readonly FileType Pdf = new("application/pdf", ".pdf");
    public static readonly FileType Text = new("text/plain", ".txt", ".log", ".csv", ".md", ".json", ".yaml", ".yml", ".conf", ".ini");

    public static string Accepted => "image/png,image/jpeg,image/gif,image/webp,application/pdf,text/plain";

    /// <summary>The type that the first bytes show; text is judged whole, later; null for anything else.</summary>
    public static FileType? Of(ReadOnlySpan<byte> head)
    {
        if (StartsWith(head, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) return Png;
        if (StartsWith(head, [0xFF, 0xD8, 0xFF])) return Jpeg;
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8)) return Gif;
        if (head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..].StartsWith("WEBP"u8)) return WebP;
        if (head.StartsWith("%PDF-"u8)) return Pdf;
        foreach (var b in head)
        {
            if (b is < 0x20 and not ((byte)'\n' or (byte)'\r' or (byte)'\t') or 0x7F) return null;
        }

        return Text;
    }

    /// <summary>The text of a text file (UTF-8, no control characters); null when it is not one.</summary>
    public static string? ReadText(ReadOnlySpan<byte> bytes)
    {
        if (StartsWith(bytes, [0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        if (!System.Text.Unicode.Utf8.IsValid(bytes)) return null;
        foreach (var b in bytes)
        {
            if (b is < 0x20 and not ((byte)'\n' or (byte)'\r' or (byte)'\t')) return null;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The uploader's name for the file, fit to be shown: no folders, no control or direction characters, an ending of its type.</summary>
    public string SafeName(string? name)
    {
        var last = (name ?? "").Replace('\\', '/');
        last = last[(last.LastIndexOf('/') + 1)..];
        var clean = new StringBuilder(last.Length);
        foreach (var rune in last.EnumerateRunes())
        {
            var hidden = Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format;
            if (!hidden && rune != Rune.ReplacementChar && !"\"<>|:*?;%".Contains(rune.ToString(), StringComparison.Ordinal) && clean.Length < 120) clean.Append(rune);
        }

        var safe = clean.ToString().Trim(' ', '.');
        if (safe.Length == 0) safe = "file";
        return Extensions.Any(e => safe.Length > e.Length && safe.EndsWith(e, StringComparison.OrdinalIgnoreCase)) ? safe : safe + Extensions[0];
    }

    private static bool StartsWith(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> start) => bytes.StartsWith(start);
}
