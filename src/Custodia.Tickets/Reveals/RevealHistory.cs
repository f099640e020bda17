using Custodia.Kernel.Streams;
using Custodia.Tickets.Tickets;

namespace Custodia.Tickets.Reveals;

/// <summary>Who asked to see sealed values of a ticket, for the person and for staff.</summary>
/// <param name="Result"><c>revealed</c>, or why not.</param>
internal sealed record PastReveal(DateTimeOffset Time, string Who, string Category, string Field, string Purpose, string Reason, string Result);

internal sealed class RevealHistory(LogStreams logs)
{
    private const string Log = "kernel.reveal-log";

    /// <summary>The latest 50.</summary>
    public async Task<IReadOnlyList<PastReveal>> OfAsync(Ticket ticket, CancellationToken cancellation)
    {
        if (ticket.Person is not { } person) return [];
        var query = new StreamQuery(Log, ticket.Account)
        {
            From = ticket.CreatedAt,
            Person = person,
            Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["object"] = RevealSecret.ObjectOf(ticket.Id) },
            Limit = 50,
        };
        var page = await logs.QueryAsync(query, cancellation);
        return [.. page.Entries.Select(Of)];
    }

    private static PastReveal Of(StreamEntry entry)
    {
        string Field(string name) => entry.Fields.FirstOrDefault(f => f.Key == name).Value?.ToString() ?? "…";
        return new PastReveal(entry.Time, Field("who"), Field("category"), Field("field"), Field("purpose"), Field("reason"), Field("result"));
    }
}
