using System.Buffers.Binary;

namespace Custodia.Kernel.Streams;

/// <summary>The conditions of a query as they apply to one segment: persons and values as its marks.</summary>
internal sealed class SegmentFilter
{
    private readonly List<(int Index, ulong Mark)> _marks = [];
    private readonly List<(int Position, string Text)> _plain = [];
    private readonly SegmentHeader _header;
    private byte[]? _person;

    private SegmentFilter(SegmentHeader header, StreamQuery query)
    {
        _header = header;
        Account = query.Account;
        From = query.From?.ToUnixTimeMilliseconds() ?? long.MinValue;

        // To is exclusive; a part of a millisecond counts up.
        To = query.To is { } to ? to.ToUnixTimeMilliseconds() + (to.UtcTicks % TimeSpan.TicksPerMillisecond > 0 ? 1 : 0) : long.MaxValue;
    }

    public long Account { get; }

    public long From { get; }

    public long To { get; }

    /// <summary>The mark that is likely to hit least; null when nothing indexed is asked.</summary>
    public ulong? Best { get; private set; }

    /// <summary>Null when no record of the segment can match: it has no such field, or the key that could tell is gone.</summary>
    public static SegmentFilter? Of(SegmentHeader header, SegmentCipher? cipher, StreamQuery query)
    {
        var filter = new SegmentFilter(header, query);
        if (query.Person is { } person && !filter.AddPerson(cipher, person)) return null;
        foreach (var (role, text) in Roles(query))
        {
            if (text is not null && !(header.Shape.Find(role) is { } field && filter.AddField(cipher, field, text))) return null;
        }

        foreach (var (name, text) in query.Fields ?? new Dictionary<string, string>())
        {
            if (!(header.Shape.Find(name) is { } field && filter.AddField(cipher, field, text))) return null;
        }

        return filter;
    }

    public bool MayHold(long minTime, long maxTime, byte[]? accounts) =>
        maxTime >= From && minTime < To && BlockSummary.MayHold(accounts, accounts is null, Account);

    /// <summary>Everything but the text.</summary>
    public bool Matches(in StoredRecord record)
    {
        if (record.Account != Account || record.Time < From || record.Time >= To) return false;
        if (_person is not null && !_person.AsSpan().SequenceEqual(record.Person)) return false;
        foreach (var (index, mark) in _marks)
        {
            if (record.Marks.Length < (index + 1) * StoredRecord.MarkSize || record.Mark(index) != mark) return false;
        }

        return _plain.Count == 0 || MatchesPlain(record);
    }

    /// <summary>From what is nearly unique to what is shared by many.</summary>
    private static IEnumerable<(LogRole Role, string? Text)> Roles(StreamQuery query) =>
        [(LogRole.RequestId, query.RequestId), (LogRole.Actor, query.Actor), (LogRole.ClientIp, query.ClientIp), (LogRole.Result, query.Result)];

    private bool AddPerson(SegmentCipher? cipher, Guid person)
    {
        if (cipher is null) return false;
        _person = cipher.Hide(person);
        Best = BinaryPrimitives.ReadUInt64BigEndian(_person);
        return true;
    }

    private bool AddField(SegmentCipher? cipher, StoredField field, string text)
    {
        if (field.Indexed)
        {
            if (cipher is null) return false;
            var index = _header.Shape.IndexOf(field);
            var mark = cipher.Mark(index, Account, text);
            _marks.Add((index, mark));

            // A request is rarer than a person, a person rarer than anything else.
            if (Best is null || field.Role == LogRole.RequestId) Best = mark;
            return true;
        }

        if (field.Place != FieldPlace.Plain) return false;
        _plain.Add((_header.Shape.Fields.Where(f => f.Place == FieldPlace.Plain).TakeWhile(f => f != field).Count(), text));
        return true;
    }

    private bool MatchesPlain(in StoredRecord record)
    {
        var values = FieldCodec.Read(record.Plain, _header.Shape.PlainCount);
        foreach (var (position, text) in _plain)
        {
            if (FieldValue.Text(values[position]) != text) return false;
        }

        return true;
    }
}
