using System.Security.Cryptography;
using System.Text.Json;

namespace Custodia.Kernel.Backup;

/// <summary>What a backup holds; written last, so a folder without it is not a backup.</summary>
/// <param name="TakenAt">Erasures after this instant are replayed when it is restored.</param>
internal sealed record BackupManifest(int Schema, DateTimeOffset TakenAt, string Region, string PolicyVersion, string PolicySha256, long SealedValues, IReadOnlyList<BackupFile> Files)
{
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public async Task WriteAsync(string folder, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, FileName);
        await File.WriteAllBytesAsync(file + ".new", JsonSerializer.SerializeToUtf8Bytes(this, Json), cancellation);
        File.Move(file + ".new", file);
    }

    /// <exception cref="BackupException">No manifest, or it cannot be read.</exception>
    public static async Task<BackupManifest> ReadAsync(string folder, CancellationToken cancellation)
    {
        try
        {
            await using var stream = File.OpenRead(Path.Combine(folder, FileName));
            return await JsonSerializer.DeserializeAsync<BackupManifest>(stream, Json, cancellation) ?? throw new BackupException("The manifest is empty.");
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new BackupException($"{folder} is not a backup: its {FileName} cannot be read.");
        }
    }

    /// <summary>Demands that every file is there with its length and hash.</summary>
    /// <exception cref="BackupException">A file is missing or differs.</exception>
    public async Task VerifyAsync(string folder, CancellationToken cancellation)
    {
        foreach (var file in Files)
        {
            var path = Path.Combine(folder, file.Path);
            if (Path.GetRelativePath(folder, Path.GetFullPath(path)).StartsWith("..", StringComparison.Ordinal) || !File.Exists(path))
                throw new BackupException($"The backup lacks {file.Path}.");
            if (await BackupFile.OfAsync(folder, path, cancellation) != file) throw new BackupException($"{file.Path} was changed after the backup.");
        }
    }
}

/// <param name="Path">Relative to the backup, with forward slashes.</param>
internal sealed record BackupFile(string Path, long Length, string Sha256)
{
    public static async Task<BackupFile> OfAsync(string folder, string path, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(path);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
        return new BackupFile(System.IO.Path.GetRelativePath(folder, path).Replace('\\', '/'), stream.Length, hash);
    }
}

/// <summary>A backup or restore cannot go on; the message is for the person at the command line.</summary>
internal sealed class BackupException(string message) : Exception(message);
