using System.IO.Compression;

namespace Custodia.Console;

internal static class Compressed
{
    public static byte[] Brotli(Action<Stream> write) =>
        Through(target => new BrotliStream(target, CompressionLevel.Optimal, leaveOpen: true), write);

    public static byte[] Gzip(Action<Stream> write) =>
        Through(target => new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true), write);

    private static byte[] Through(Func<Stream, Stream> compressor, Action<Stream> write)
    {
        var target = new MemoryStream();
        using (var stream = compressor(target))
            write(stream);
        return target.ToArray();
    }
}
