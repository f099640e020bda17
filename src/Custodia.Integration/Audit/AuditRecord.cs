using Custodia.Kernel.Policy;
using Custodia.Kernel.Streams;

namespace Custodia.Integration.Audit;

/// <summary>An administrative act: exactly the policy's fields.</summary>
[Stream("integration.audit-log", Durability.Audit)]
[Category("integration.audit-log")]
internal sealed record AuditRecord : LogRecord
{
    [LogRole(LogRole.Time)]
    public required DateTimeOffset AuditTime { get; init; }

    public required string UserName { get; init; }

    [LogRole(LogRole.Actor)]
    public required string UserId { get; init; }

    [LogRole(LogRole.Result)]
    public required string Result { get; init; }

    public string? ProjectName { get; init; }

    public required string AuditModule { get; init; }

    public required string AuditCategory { get; init; }

    public required string AuditContent { get; init; }
}
