namespace Custodia.Tickets.Attachments;

/// <summary>GIF89a: blocks. Kept: images, their timing, and how often they repeat; dropped: comments, plain text, other applications' data.</summary>
internal static class GifCleaner
{
    public static async ValueTask<bool> CleanAsync(ForwardReader source, Stream target, CancellationToken cancellation)
    {
        if (!await source.FillAsync(13, cancellation)) return false;
        await source.CopyAsync(13 + TableBytes(source.Buffered[10]), target, cancellation);
        while (await source.FillAsync(1, cancellation))
        {
            switch (source.Buffered[0])
            {
                case 0x3B:
                    return await source.CopyAsync(1, target, cancellation);
                case 0x2C when await source.FillAsync(10, cancellation):
                    // Descriptor, local colours, LZW's code size, then the picture.
                    if (!await source.CopyAsync(10 + TableBytes(source.Buffered[9]) + 1, target, cancellation)
                        || !await SubBlocksAsync(source, target, cancellation)) return false;
                    break;
                case 0x21 when await source.FillAsync(14, cancellation):
                    var keep = source.Buffered[1] == 0xF9
                        || (source.Buffered[1] == 0xFF && (source.Buffered[3..].StartsWith("NETSCAPE2.0"u8) || source.Buffered[3..].StartsWith("ANIMEXTS1.0"u8)));
                    if (!await source.CopyAsync(2, keep ? target : null, cancellation)
                        || !await SubBlocksAsync(source, keep ? target : null, cancellation)) return false;
                    break;
                case 0x21 when await source.FillAsync(2, cancellation):
                    // An extension too near the end to be anything that is kept.
                    if (!await source.CopyAsync(2, null, cancellation) || !await SubBlocksAsync(source, null, cancellation)) return false;
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    private static int TableBytes(byte packed) => (packed & 0x80) == 0 ? 0 : 3 << ((packed & 7) + 1);

    private static async ValueTask<bool> SubBlocksAsync(ForwardReader source, Stream? target, CancellationToken cancellation)
    {
        while (await source.FillAsync(1, cancellation))
        {
            var length = source.Buffered[0];
            if (!await source.CopyAsync(length + 1, target, cancellation)) return false;
            if (length == 0) return true;
        }

        return false;
    }
}
