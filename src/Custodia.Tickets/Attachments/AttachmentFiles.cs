using Custodia.Kernel.Hosting;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Content;

namespace Custodia.Tickets.Attachments;

/// <summary>The files on disk: written beside, renamed into place when their rows are about to commit.</summary>
/// <remarks>
/// <code>
/// data/files/tickets/incoming/NAME     while it comes in, and until its row commits
/// data/files/tickets/ab/abNAME         afterwards
/// </code>
/// </remarks>
internal sealed class AttachmentFiles(DataLayout layout, DataVault vault)
{
    public const int MostBytes = 10 * 1024 * 1024;
    public const int MostTextBytes = 1024 * 1024;
    public const int MostFiles = 10;

    private string Root => Path.Combine(layout.Files, "tickets");

    public string Incoming => Path.Combine(Root, "incoming");

    public string PathOf(string storedName)
    {
        // Names are made here; anything else would be a way out of the folder.
        if (storedName.Length != 32 || !storedName.All(char.IsAsciiHexDigitLower)) throw new ArgumentException("Not a stored name.", nameof(storedName));
        return Path.Combine(Root, storedName[..2], storedName);
    }

    /// <summary>Takes one file in: type by content, images cleaned, text kept for examination, all of it sealed on its way to the disk.</summary>
    public async Task<StagedOutcome> StageAsync(ContentPlace place, string? name, Stream source, CancellationToken cancellation)
    {
        using var reader = new ForwardReader(source, MostBytes);
        await reader.FillAsync(FileType.HeadLength, cancellation);
        if (reader.Buffered.IsEmpty) return new StagedOutcome.Refused("empty");
        if (FileType.Of(reader.Buffered[..Math.Min(FileType.HeadLength, reader.Buffered.Length)]) is not { } type) return new StagedOutcome.Refused("type");
        Directory.CreateDirectory(Incoming);
        var staged = new StagedFile(this, place, type, Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)))
        {
            FileName = type.SafeName(name),
        };
        var kept = false;
        try
        {
            var rule = await WriteAsync(staged, reader, cancellation);
            if (rule is not null) return new StagedOutcome.Refused(rule);
            kept = true;
            return new StagedOutcome.Staged(staged);
        }
        finally
        {
            if (!kept) staged.Dispose();
        }
    }

    /// <summary>Copies a stored file to the target.</summary>
    /// <returns>False when its key was destroyed.</returns>
    public async Task<bool> CopyToAsync(Attachment attachment, Stream target, CancellationToken cancellation)
    {
        await using var source = new FileStream(PathOf(attachment.StoredName), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, useAsync: true);
        var copied = await SealedFile.CopyToAsync(vault, attachment.NamePlace, source, target, cancellation);
        if (copied >= 0 && copied != attachment.Size) throw new InvalidDataException("A sealed file is cut off.");
        return copied >= 0;
    }

    public bool Exists(Attachment attachment) => File.Exists(PathOf(attachment.StoredName));

    public void Delete(string storedName)
    {
        var path = PathOf(storedName);
        if (File.Exists(path)) File.Delete(path);
    }

    private async Task<string?> WriteAsync(StagedFile staged, ForwardReader reader, CancellationToken cancellation)
    {
        await using var file = new FileStream(staged.IncomingPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024, useAsync: true);
        await using var sealing = new SealingStream(vault, staged.Place, file);
        await using var measured = new CountingStream(sealing);
        var rule = await TransformAsync(staged, reader, measured, cancellation);
        if (rule is not null) return rule;
        await sealing.FinishAsync(cancellation);
        await file.FlushAsync(cancellation);
        // Down to the disk, before the row that needs it commits; there is no asynchronous call for it.
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        staged.Size = measured.Written;
        return null;
    }

    private static async Task<string?> TransformAsync(StagedFile staged, ForwardReader reader, Stream target, CancellationToken cancellation)
    {
        if (staged.Type == FileType.Text)
        {
            using var text = new MemoryStream();
            await reader.CopyRestAsync(text, cancellation);
            if (text.Length > MostTextBytes) return "text-size";
            staged.Text = FileType.ReadText(text.GetBuffer().AsSpan(0, (int)text.Length));
            if (staged.Text is null) return "type";
            text.Position = 0;
            await text.CopyToAsync(target, cancellation);
            return null;
        }

        if (staged.Type == FileType.Pdf)
        {
            await reader.CopyRestAsync(target, cancellation);
            return null;
        }

        return await ImageCleaner.CleanAsync(staged.Type, reader, target, cancellation) ? null : "broken-image";
    }
}

internal abstract record StagedOutcome
{
    public sealed record Staged(StagedFile File) : StagedOutcome;

    /// <param name="Rule"><c>empty</c>, <c>type</c>, <c>text-size</c>, <c>broken-image</c>.</param>
    public sealed record Refused(string Rule) : StagedOutcome;
}
