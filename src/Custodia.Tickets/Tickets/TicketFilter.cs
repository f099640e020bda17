using System.Globalization;

namespace Custodia.Tickets.Tickets;

/// <summary>What a list asks for; null asks nothing. Newest tickets first.</summary>
internal sealed record TicketFilter(long Account)
{
    public const int MostLimit = 100;

    public TicketState? State { get; init; }

    /// <summary>Only tickets whose work is not over.</summary>
    public bool Open { get; init; }

    /// <summary>Without tickets that their person has deleted.</summary>
    public bool WithoutDeleted { get; init; }

    public string? ProductCategory { get; init; }

    public Severity? Severity { get; init; }

    public Guid? Assignee { get; init; }

    public bool Unassigned { get; init; }

    public string? Directory { get; init; }

    public Guid? Person { get; init; }

    public long? Number { get; init; }

    public long? Before { get; init; }

    public int Limit { get; init; } = 25;

    /// <summary>A cursor is the last number of the page before; opaque to callers.</summary>
    public static string Cursor(long number) => "n" + number.ToString(CultureInfo.InvariantCulture);

    public static bool TryCursor(string? cursor, out long? before)
    {
        before = null;
        if (string.IsNullOrEmpty(cursor)) return true;
        if (cursor[0] != 'n' || !long.TryParse(cursor.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        before = number;
        return true;
    }
}
