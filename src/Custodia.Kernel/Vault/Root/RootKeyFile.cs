using System.Security.Cryptography;
using System.Text;

namespace Custodia.Kernel.Vault;

/// <summary>
/// The root key file: a title, one line a key (two during a rotation), a checksum over the lines above it.
/// <code>
/// custodia root key, version 1
/// key 5f2c… BASE64
/// sha256 …
/// </code>
/// </summary>
internal static class RootKeyFile
{
    public const string DefaultName = "root.key";
    private const string Title = "custodia root key, version 1";
    private const string Checksum = "sha256 ";
    private const int MaxSize = 4096;

    /// <exception cref="RootKeyException">Truncated, damaged, not a root key file, or not readable.</exception>
    public static IReadOnlyList<RootKey> Read(string path)
    {
        string text;
        try
        {
            if (new FileInfo(path).Length > MaxSize) throw Malformed(path);
            text = File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RootKeyException(RootKeyFault.Unreadable, $"The root key file '{path}' cannot be read: {failure.GetType().Name}.");
        }

        return Parse(path, text);
    }

    /// <summary>One key from a root key file, or from a file with nothing but its Base64.</summary>
    /// <exception cref="RootKeyException">Neither.</exception>
    public static RootKey ReadSingle(string path)
    {
        if (!File.Exists(path)) throw new RootKeyException(RootKeyFault.Missing, $"The file '{path}' does not exist.");
        if (new FileInfo(path).Length <= 64 && RootKey.FromBase64(File.ReadAllText(path).Trim()) is { } bare) return bare;
        return Read(path) is [var key] ? key : throw Malformed(path);
    }

    public static string Format(params IReadOnlyList<RootKey> keys)
    {
        var text = new StringBuilder().Append(Title).Append('\n');
        foreach (var key in keys) text.Append("key ").Append(key.Id).Append(' ').Append(key.ToBase64()).Append('\n');
        var covered = text.ToString();
        return $"{covered}{Checksum}{Sum(covered)}\n";
    }

    /// <summary>Puts the file there in one step: written beside, on disk, then renamed. Owner may read and write it, nobody else.</summary>
    /// <param name="overwrite">False: another file that is there already stays, and this returns false.</param>
    public static bool Write(string path, string text, bool overwrite)
    {
        var beside = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.new";
        try
        {
            DurableFile.Write(beside, Encoding.UTF8.GetBytes(text));
            try
            {
                File.Move(beside, path, overwrite);
            }
            catch (IOException) when (!overwrite && File.Exists(path))
            {
                return false;
            }

            DurableFile.FlushFolder(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RootKeyException(RootKeyFault.Unreadable, $"The root key file '{path}' cannot be written: {failure.GetType().Name}.");
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private static List<RootKey> Parse(string path, string text)
    {
        if (text.Length == 0 || Title.StartsWith(text, StringComparison.Ordinal)) throw Truncated(path);
        var lines = text.Split('\n');
        var last = Array.FindIndex(lines, line => line.StartsWith(Checksum, StringComparison.Ordinal));
        if (last < 0 || lines[last].Length < Checksum.Length + 64)
            throw lines[0].StartsWith("custodia root key", StringComparison.Ordinal) ? Truncated(path) : Malformed(path);

        var covered = string.Join('\n', lines[..last]) + "\n";
        if (!string.Equals(lines[last][Checksum.Length..], Sum(covered), StringComparison.Ordinal))
            throw new RootKeyException(RootKeyFault.Damaged, $"The root key file '{path}' is damaged: its checksum does not match. Put the right file back; no new key is made over existing data.");
        if (lines[0] != Title) throw Malformed(path);
        var keys = lines[1..last].Select(line => line.Split(' ') is ["key", var id, var material] && RootKey.FromBase64(material) is { } key && key.Id == id ? key : throw Malformed(path)).ToList();
        return keys.Count > 0 ? keys : throw Malformed(path);
    }

    private static string Sum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static RootKeyException Truncated(string path) =>
        new(RootKeyFault.Truncated, $"The root key file '{path}' is truncated: it ends before its checksum. Put the whole file back; no new key is made over existing data.");

    private static RootKeyException Malformed(string path) =>
        new(RootKeyFault.Malformed, $"The file '{path}' is not a root key file of version 1. Put the right file back; no new key is made over existing data.");
}
