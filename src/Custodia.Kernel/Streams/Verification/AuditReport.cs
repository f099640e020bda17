namespace Custodia.Kernel.Streams;

internal enum SegmentState
{
    /// <summary>As it was signed.</summary>
    Valid,

    /// <summary>As it was signed; some records or personal fields are gone, and it is signed why.</summary>
    Shredded,

    /// <summary>Gone, and it is signed why.</summary>
    Expired,

    /// <summary>Something is not as it was signed.</summary>
    Unexplained,
}

/// <param name="Records">Records present.</param>
/// <param name="NotYetSigned">Of these, how many lie behind the last checkpoint; that is no fault.</param>
/// <param name="Erased">Records removed one by one.</param>
/// <param name="Shredded">Records whose personal fields were made unreadable with their person's key.</param>
/// <param name="Findings">What is unexplained.</param>
internal sealed record SegmentVerdict(string Stream, string Segment, SegmentState State, long Records, long NotYetSigned, long Erased, long Shredded, IReadOnlyList<string> Findings);

/// <param name="Findings">What is unexplained about whole streams, e.g. a cut chain of checkpoints.</param>
internal sealed record AuditReport(IReadOnlyList<SegmentVerdict> Segments, IReadOnlyList<string> Findings)
{
    public bool IsClean => Findings.Count == 0 && Segments.All(s => s.State != SegmentState.Unexplained);
}
