using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Custodia.Kernel.Streams;

/// <summary>
/// Where a page ended: the next one goes on strictly before it. It names a position only, so nobody gains by making one up; it
/// carries a digest of the conditions, because going on under others would leave gaps that nobody sees.
/// </summary>
internal readonly record struct StreamCursor(DateOnly Day, int Generation, long Sequence)
{
    private const byte Version = 1;
    private const int DigestSize = 8;
    private const int Size = 1 + 4 + 4 + 8 + DigestSize;

    public string Write(StreamQuery query)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(bytes[1..], Day.DayNumber);
        BinaryPrimitives.WriteInt32BigEndian(bytes[5..], Generation);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], Sequence);
        Digest(query).CopyTo(bytes[17..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="InvalidStreamQueryException">It is not a cursor, or one of another query.</exception>
    public static StreamCursor? Read(StreamQuery query)
    {
        if (query.Cursor is null) return null;
        Span<byte> bytes = stackalloc byte[Size];
        var decoded = Base64Url.DecodeFromChars(query.Cursor, bytes, out _, out var length);
        if (decoded != System.Buffers.OperationStatus.Done || length != Size || bytes[0] != Version) throw Invalid();
        if (!bytes[17..].SequenceEqual(Digest(query))) throw new InvalidStreamQueryException("cursor", "belongs to a query with other conditions");
        var day = BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
        var cursor = new StreamCursor(DateOnly.FromDayNumber(Math.Clamp(day, 0, DateOnly.MaxValue.DayNumber)), BinaryPrimitives.ReadInt32BigEndian(bytes[5..]), BinaryPrimitives.ReadInt64BigEndian(bytes[9..]));
        return cursor.Day.DayNumber == day && cursor is { Generation: >= 1, Sequence: >= 0 } ? cursor : throw Invalid();
    }

    private static InvalidStreamQueryException Invalid() => new("cursor", "must be a cursor that an earlier page gave");

    private static ReadOnlySpan<byte> Digest(StreamQuery query)
    {
        object?[] conditions =
        [
            query.Category, query.Account, query.From, query.To, query.Person, query.Actor, query.ClientIp, query.RequestId, query.Result, query.Text,
            query.Fields?.OrderBy(f => f.Key, StringComparer.Ordinal).ToArray(),
        ];
        return SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(conditions))).AsSpan(0, DigestSize);
    }
}
