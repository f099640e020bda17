using System.Buffers.Binary;

namespace Custodia.Tickets.Attachments;

/// <summary>
/// JPEG (ITU-T T.81 annex B): markers with segments, then entropy-coded data. Kept: JFIF without its thumbnail, Adobe's colour
/// transform (APP14), tables, frames, scans. Dropped: all other APPn (EXIF, XMP, IPTC, ICC, maker notes) and comments.
/// </summary>
internal static class JpegCleaner
{
    private static readonly byte[] Start = [0xFF, 0xD8];
    private static readonly byte[] End = [0xFF, 0xD9];

    public static async ValueTask<bool> CleanAsync(ForwardReader source, Stream target, CancellationToken cancellation)
    {
        if (!await source.FillAsync(2, cancellation) || !source.Buffered.StartsWith(Start)) return false;
        source.Take(2);
        await target.WriteAsync(Start, cancellation);
        var scans = 0;
        while (await source.FillAsync(2, cancellation))
        {
            if (source.Buffered[0] != 0xFF) return false;
            var marker = source.Buffered[1];
            if (marker == 0xFF)
            {
                source.Take(1);
                continue;
            }

            if (marker == 0xD9)
            {
                await target.WriteAsync(End, cancellation);
                return scans > 0;
            }

            if (!await SegmentAsync(marker, source, target, cancellation)) return false;
            if (marker != 0xDA) continue;
            scans++;
            if (!await EntropyAsync(source, target, cancellation)) return false;
        }

        return false;
    }

    private static async ValueTask<bool> SegmentAsync(byte marker, ForwardReader source, Stream target, CancellationToken cancellation)
    {
        if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8) || !await source.FillAsync(4, cancellation)) return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(source.Buffered[2..]);
        if (length < 2 || !await source.FillAsync(Math.Min(length + 2, 18), cancellation)) return false;
        var body = source.Buffered[4..];
        if (marker == 0xE0 && body.StartsWith("JFIF\0"u8) && length >= 16)
        {
            // 14 bytes of JFIF; the last two are the thumbnail's size, which becomes 0 × 0.
            byte[] jfif = [0xFF, 0xE0, 0x00, 0x10, .. body[..12], 0, 0];
            await target.WriteAsync(jfif, cancellation);
            return await source.CopyAsync(length + 2, null, cancellation);
        }

        var keep = marker is < 0xE0 and not 0xFE || (marker == 0xEE && body.StartsWith("Adobe"u8));
        return await source.CopyAsync(length + 2, keep ? target : null, cancellation);
    }

    // Up to the next marker that is neither stuffing nor restart.
    private static async ValueTask<bool> EntropyAsync(ForwardReader source, Stream target, CancellationToken cancellation)
    {
        while (await source.FillAsync(2, cancellation))
        {
            var at = source.Buffered.IndexOf((byte)0xFF);
            if (at < 0)
            {
                await source.CopyAsync(source.Buffered.Length, target, cancellation);
                continue;
            }

            await source.CopyAsync(at, target, cancellation);
            if (!await source.FillAsync(2, cancellation)) return false;
            var next = source.Buffered[1];
            if (next is 0x00 or (>= 0xD0 and <= 0xD7)) await source.CopyAsync(2, target, cancellation);
            else return true;
        }

        return false;
    }
}
