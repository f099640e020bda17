using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;

namespace Custodia.Tickets.Attachments;

/// <summary>PNG (W3C PNG, third edition): a signature and chunks. Kept: what draws the picture; dropped: texts, times, EXIF, profiles.</summary>
internal static class PngCleaner
{
    private static readonly FrozenSet<string> Kept = FrozenSet.ToFrozenSet(
        ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT"],
        StringComparer.Ordinal);

    public static async ValueTask<bool> CleanAsync(ForwardReader source, Stream target, CancellationToken cancellation)
    {
        if (!await source.FillAsync(8, cancellation)) return false;
        await source.CopyAsync(8, target, cancellation);
        var first = true;
        while (await source.FillAsync(8, cancellation))
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(source.Buffered);
            var name = Encoding.ASCII.GetString(source.Buffered[4..8]);
            if (length > int.MaxValue || (first && name != "IHDR")) return false;
            first = false;
            if (!await source.CopyAsync(length + 12L, Kept.Contains(name) ? target : null, cancellation)) return false;
            if (name == "IEND") return true;
        }

        return false;
    }
}
