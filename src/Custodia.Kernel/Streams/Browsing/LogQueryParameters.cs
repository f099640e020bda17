using System.Globalization;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Kernel.Streams;

/// <summary>Reads a query from the parameters of a request; every finding at once.</summary>
internal sealed class LogQueryParameters
{
    private const string FieldPrefix = "field.";

    /// <summary>The conditions, for the description of the API.</summary>
    public static IReadOnlyList<DescribedParameter> Described { get; } =
    [
        new("from", "Not before this moment", "date-time"),
        new("to", "Before this moment", "date-time"),
        new("actor", "Who did it, exactly"),
        new("person", "Whom it is about", "uuid"),
        new("ip", "Client address, exactly"),
        new("requestId", "The call, exactly"),
        new("result", "The outcome, exactly"),
        new("text", "Part of any text"),
    ];

    private readonly Dictionary<string, string[]> _findings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private StreamQuery _query;

    private LogQueryParameters(string category, long account) => _query = new StreamQuery(category, account);

    /// <param name="more">Parameters that the endpoint reads itself.</param>
    public static (StreamQuery Query, IDictionary<string, string[]> Findings) Read(IQueryCollection parameters, string category, long account, params ReadOnlySpan<string> more)
    {
        var reading = new LogQueryParameters(category, account);
        foreach (var (name, values) in parameters)
        {
            if (more.Contains(name)) continue;
            if (values.Count != 1) reading.Find(name, "must be given once");
            else if (values[0] is { Length: > 0 } value) reading.Take(name, value);
        }

        return (reading._query with { Fields = reading._fields.Count > 0 ? reading._fields : null }, reading._findings);
    }

    private void Take(string name, string value)
    {
        switch (name)
        {
            case "from": _query = _query with { From = Moment(name, value) }; break;
            case "to": _query = _query with { To = Moment(name, value) }; break;
            case "person": _query = _query with { Person = Person(name, value) }; break;
            case "limit": _query = _query with { Limit = Limit(name, value) }; break;
            case "actor": _query = _query with { Actor = value }; break;
            case "ip": _query = _query with { ClientIp = value }; break;
            case "requestId": _query = _query with { RequestId = value }; break;
            case "result": _query = _query with { Result = value }; break;
            case "text": _query = _query with { Text = value }; break;
            case "cursor": _query = _query with { Cursor = value }; break;
            default:
                if (name.StartsWith(FieldPrefix, StringComparison.Ordinal)) _fields[name[FieldPrefix.Length..]] = value;
                else Find(name, "is not known");
                break;
        }
    }

    private DateTimeOffset? Moment(string name, string value)
    {
        if (DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)) return moment;
        Find(name, "must be a moment as in ISO 8601, e.g. 2026-11-21T08:00:00Z");
        return null;
    }

    private Guid? Person(string name, string value)
    {
        if (Guid.TryParse(value, out var person)) return person;
        Find(name, "must be a person's id");
        return null;
    }

    private int Limit(string name, string value)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LogReader.LargestPage) return limit;
        Find(name, $"must be from 1 to {LogReader.LargestPage}");
        return 1;
    }

    private void Find(string name, string rule) => _findings[name] = [rule];
}
