using Custodia.Kernel.Policy;
using Custodia.Kernel.Streams;

namespace Custodia.Tickets.AccessLog;

/// <summary>Somebody opened tickets. The policy names the IP and nothing else; whose it is and when are the envelope's.</summary>
[Stream(Category, Durability.Audit)]
[Category(Category)]
internal sealed record TicketAccess : LogRecord
{
    public const string Category = "tickets.access-log";

    [Field("time", Category = StreamShape.Envelope), LogRole(LogRole.Time)]
    public required DateTimeOffset Time { get; init; }

    [LogRole(LogRole.ClientIp)]
    public required string Ip { get; init; }
}
