using System.Security.Cryptography;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Streams;

/// <summary>A record on its way, and who waits for it to be on disk.</summary>
internal readonly record struct PendingRecord(LogRecord Record, DateTimeOffset Time, TaskCompletionSource? Done);

/// <summary>Where the parts of a sealed record lie in the batch.</summary>
internal readonly record struct SealedEntry(int Start, long Time, long Account, bool HasPerson, int MarksAt, int PlainAt, int PlainLength, int SealedLength);

/// <summary>
/// Records of one segment, sealed and hashed, not yet numbered: that is left to the commit, so the next batch can be sealed while the
/// previous one is on its way to the disk. Buffers are used again.
/// </summary>
internal sealed class SealedBatch
{
    private readonly ByteArena _form = new(256 * 1024);
    private readonly ByteArena _plaintext = new(4096);
    private readonly byte[] _random = new byte[4096];
    private readonly Dictionary<(long Account, Guid Person), KeyLease?> _keys = [];
    private byte[] _leaves = [];
    private int _randomLeft;

    public List<PendingRecord> Waiting { get; } = [];

    public List<SealedEntry> Entries { get; } = [];

    public SegmentHeader? Header { get; private set; }

    public ReadOnlySpan<byte> Bytes(int start, int count) => _form.Slice(start, count);

    public ReadOnlySpan<byte> Leaf(int index) => _leaves.AsSpan(index * MerkleHash.Size, MerkleHash.Size);

    public async ValueTask SealAsync(KeyRing ring, SegmentHeader header, SegmentCipher cipher, RecordLayout layout, CancellationToken cancellation)
    {
        Reset(header);
        try
        {
            foreach (var pending in Waiting)
            {
                var record = pending.Record;
                var gone = false;
                KeyLease? key = null;
                if (record.Person is { } person && layout.Shape.SealedCount > 0)
                {
                    key = await PersonalKeyAsync(ring, header, record.Account, person, cancellation);
                    gone = key is null;
                }

                Add(cipher, layout, pending, key, gone);
            }

            Hash();
        }
        finally
        {
            foreach (var key in _keys.Values) key?.Dispose();
            _keys.Clear();
            _plaintext.Clear();
        }
    }

    public void Clear()
    {
        Waiting.Clear();
        Entries.Clear();
        _form.Clear();
    }

    private void Reset(SegmentHeader header)
    {
        Header = header;
        Entries.Clear();
        _form.Clear();
    }

    /// <summary>Computes the leaves.</summary>
    private void Hash()
    {
        if (_leaves.Length < Entries.Count * MerkleHash.Size) _leaves = new byte[Entries.Count * MerkleHash.Size];
        for (var i = 0; i < Entries.Count; i++)
        {
            var entry = Entries[i];
            SHA256.HashData(_form.Slice(entry.Start, entry.PlainAt + entry.PlainLength + entry.SealedLength - entry.Start), _leaves.AsSpan(i * MerkleHash.Size));
        }
    }

    /// <summary>Null when the person was erased: what is still logged about them is kept without its personal fields.</summary>
    private async ValueTask<KeyLease?> PersonalKeyAsync(KeyRing ring, SegmentHeader header, long account, Guid person, CancellationToken cancellation)
    {
        if (_keys.TryGetValue((account, person), out var known)) return known;
        var subject = KeyId.Subject(account, person);
        KeyLease? key = null;
        try
        {
            key = await ring.RentAsync(header.Id.Key, subject, cancellation);
        }
        catch (KeyDestroyedException destroyed) when (destroyed.Key == subject)
        {
            // Expected after an erasure.
        }

        _keys.Add((account, person), key);
        return key;
    }

    private void Add(SegmentCipher cipher, RecordLayout layout, in PendingRecord pending, KeyLease? key, bool gone)
    {
        var record = pending.Record;
        var start = _form.Length;
        var token = record.Person is { } person ? cipher.Hide(person) : [];
        var time = pending.Time.ToUnixTimeMilliseconds();
        Span<byte> salt = stackalloc byte[StoredRecord.SaltSize];
        Random(salt);
        LeafForm.Begin(_form, salt, time, record.Account, token);

        var marksAt = WriteValues(cipher, layout, record, gone, out var plainAt);
        var plainLength = _form.Length - plainAt;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(_form.Slice(plainAt - 4, 4), plainLength);

        var sealedLength = 0;
        if (layout.Shape.SealedCount > 0 && !gone)
        {
            sealedLength = _plaintext.Length + SegmentCipher.TagSize;
            cipher.Seal(key, salt, record.Account, token, _plaintext.All(), _form.Take(sealedLength));
        }

        Entries.Add(new SealedEntry(start, time, record.Account, token.Length > 0, marksAt, plainAt, plainLength, sealedLength));
    }

    /// <summary>Writes marks and plain values into the form, personal values into the plaintext buffer.</summary>
    private int WriteValues(SegmentCipher cipher, RecordLayout layout, LogRecord record, bool gone, out int plainAt)
    {
        var shape = layout.Shape;
        var marksLength = shape.Indexed.Count * StoredRecord.MarkSize;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(_form.Take(4), marksLength);
        var marksAt = _form.Length;
        _form.Take(marksLength).Clear();
        _form.Take(4);
        plainAt = _form.Length;
        _plaintext.Clear();
        var index = 0;
        for (var i = 0; i < shape.Fields.Count; i++)
        {
            var field = shape.Fields[i];
            if (field.Place == FieldPlace.Time) continue;
            var value = layout.Value(record, i);
            FieldCodec.Write(field.Place == FieldPlace.Plain ? _form : _plaintext, value);
            if (!field.Indexed) continue;
            if (value is not null && !(gone && field.Place == FieldPlace.Sealed))
            {
                var mark = cipher.Mark(index, record.Account, FieldValue.Text(value)!);
                System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(_form.Slice(marksAt + (index * StoredRecord.MarkSize), StoredRecord.MarkSize), mark);
            }

            index++;
        }

        return marksAt;
    }

    /// <summary>From the system's generator, fetched a page at a time; what was given out is overwritten.</summary>
    private void Random(Span<byte> output)
    {
        if (_randomLeft < output.Length)
        {
            RandomNumberGenerator.Fill(_random);
            _randomLeft = _random.Length;
        }

        var part = _random.AsSpan(_random.Length - _randomLeft, output.Length);
        part.CopyTo(output);
        part.Clear();
        _randomLeft -= output.Length;
    }
}
