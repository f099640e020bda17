using System.Buffers.Binary;

namespace Custodia.Tickets.Attachments;

/// <summary>
/// WebP (RFC 9649): RIFF chunks. The file's size stands in front, so what is dropped (EXIF, XMP, profiles, anything unknown) is
/// overwritten with zeros in place and renamed; readers skip chunks they do not know.
/// </summary>
internal static class WebPCleaner
{
    private const byte ProfileExifXmp = 0x20 | 0x08 | 0x04;

    public static async ValueTask<bool> CleanAsync(ForwardReader source, Stream target, CancellationToken cancellation)
    {
        if (!await source.FillAsync(12, cancellation)) return false;
        long left = BinaryPrimitives.ReadUInt32LittleEndian(source.Buffered[4..]) - 4L;
        await source.CopyAsync(12, target, cancellation);
        var pictures = 0;
        while (left >= 8 && await source.FillAsync(8, cancellation))
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(source.Buffered[4..]);
            var padded = length + (length & 1L);
            left -= 8 + padded;
            if (left < 0) return false;
            var kind = KindOf(source.Buffered);
            if (kind == Chunk.Picture) pictures++;
            if (!await ChunkAsync(kind, padded, source, target, cancellation)) return false;
        }

        return left == 0 && pictures > 0;
    }

    private static async ValueTask<bool> ChunkAsync(Chunk kind, long padded, ForwardReader source, Stream target, CancellationToken cancellation)
    {
        if (kind is Chunk.Picture or Chunk.Other) return await source.CopyAsync(8 + padded, target, cancellation);
        if (kind == Chunk.Header)
        {
            if (padded < 10 || !await source.FillAsync(18, cancellation)) return false;
            var head = source.Buffered[..18].ToArray();
            head[8] = (byte)(head[8] & ~ProfileExifXmp);
            await target.WriteAsync(head, cancellation);
            return await source.CopyAsync(18, null, cancellation) && await source.CopyAsync(padded - 10, target, cancellation);
        }

        byte[] renamed = [.. "JUNK"u8, .. source.Buffered[4..8]];
        await target.WriteAsync(renamed, cancellation);
        if (!await source.CopyAsync(8 + padded, null, cancellation)) return false;
        var zeros = new byte[4096];
        for (var rest = padded; rest > 0; rest -= zeros.Length)
            await target.WriteAsync(zeros.AsMemory(0, (int)Math.Min(rest, zeros.Length)), cancellation);
        return true;
    }

    private static Chunk KindOf(ReadOnlySpan<byte> chunk) => chunk switch
    {
        _ when chunk.StartsWith("VP8X"u8) => Chunk.Header,
        _ when chunk.StartsWith("VP8 "u8) || chunk.StartsWith("VP8L"u8) || chunk.StartsWith("ANMF"u8) => Chunk.Picture,
        _ when chunk.StartsWith("ALPH"u8) || chunk.StartsWith("ANIM"u8) => Chunk.Other,
        _ => Chunk.Dropped,
    };

    private enum Chunk
    {
        Header,
        Picture,
        Other,
        Dropped,
    }
}
