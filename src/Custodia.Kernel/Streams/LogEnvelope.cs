using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Streams;

/// <summary>What a segment stores of every record besides the log's own fields: the columns of its tables, for the policy.</summary>
/// <param name="Marks">Keyed marks by which exact conditions find blocks and records.</param>
/// <param name="Leaf">Kept of a removed record, so that the tree above it still verifies.</param>
[Category(StreamShape.Envelope)]
internal sealed record LogEnvelope(long Account, Guid? Person, long Sequence, DateTimeOffset Time, byte[] Marks, byte[] Salt, byte[]? Leaf);
