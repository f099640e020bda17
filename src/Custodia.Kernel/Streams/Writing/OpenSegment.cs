namespace Custodia.Kernel.Streams;

/// <summary>A segment that records are being added to.</summary>
internal sealed class OpenSegment(SegmentWriter writer, SegmentCipher cipher) : IDisposable
{
    public SegmentWriter Writer { get; } = writer;

    public SegmentCipher Cipher { get; } = cipher;

    public SegmentId Id => Writer.Id;

    public void Dispose()
    {
        Writer.Dispose();
        Cipher.Dispose();
    }
}
