using System.Text;

namespace Custodia.Acceptance.Journey;

/// <summary>Values that belong to one person and occur nowhere else, looked for in every byte of a folder.</summary>
internal static class Canaries
{
    /// <summary>Where a value lies, as UTF-8, UTF-16, base64 (at each alignment) or hex: <c>file: value as form</c>.</summary>
    public static List<string> FindIn(string folder, params IEnumerable<string> values)
    {
        var needles = values.SelectMany(Forms).ToArray();
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var bytes = ReadShared(file);
            found.AddRange(needles.Where(n => bytes.AsSpan().IndexOf(n.Bytes) >= 0).Select(n => $"{Path.GetRelativePath(folder, file)}: {n.Value} as {n.Form}"));
        }

        return found;
    }

    private static IEnumerable<(string Value, string Form, byte[] Bytes)> Forms(string value)
    {
        var utf8 = Encoding.UTF8.GetBytes(value);
        yield return (value, "UTF-8", utf8);
        yield return (value, "UTF-16", Encoding.Unicode.GetBytes(value));
        yield return (value, "UTF-16 (big-endian)", Encoding.BigEndianUnicode.GetBytes(value));
        yield return (value, "hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
        yield return (value, "hex (upper case)", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)));
        foreach (var text in new[] { utf8, Encoding.Unicode.GetBytes(value) })
        {
            for (var shift = 0; shift < 3; shift++)
            {
                // The characters that depend on the bytes before and after the value are cut off.
                var encoded = Convert.ToBase64String([.. new byte[shift], .. text]);
                var start = shift == 0 ? 0 : shift + 1;
                var length = ((text.Length + shift) * 8 / 6) - start;
                yield return (value, "base64", Encoding.ASCII.GetBytes(encoded.Substring(start, length)));
            }
        }
    }

    /// <summary>The server may have it open, shorten it meanwhile, and remove it: what is gone holds nothing.</summary>
    private static byte[] ReadShared(string file)
    {
        try
        {
            // Lock files are empty, and held by the server.
            if (new FileInfo(file).Length == 0) return [];
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }
}
