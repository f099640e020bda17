using Custodia.Kernel.Streams;

namespace Custodia.Identity.Logs;

/// <summary>A change that staff or an application made.</summary>
[Stream("identity.admin-action-log", Durability.Audit)]
internal sealed record AdminAction : LogRecord
{
    public required string Region { get; init; }

    /// <summary>E.g. <c>v1</c>.</summary>
    public required string ApiVersion { get; init; }

    [LogRole(LogRole.Time)]
    public required DateTimeOffset Timestamp { get; init; }

    public required long AppId { get; init; }

    public required long Uin { get; init; }

    /// <summary>0 for an application that no sub-account made.</summary>
    [LogRole(LogRole.Actor)]
    public required long SubAccountUin { get; init; }

    [LogRole(LogRole.ClientIp)]
    public required string ClientIp { get; init; }

    /// <summary><c>console</c>, <c>api</c> or <c>cli</c>.</summary>
    public required string RequestSource { get; init; }

    /// <summary>Client IP and token reference.</summary>
    public required string AccessContext { get; init; }

    /// <summary>What was changed, e.g. <c>users.lock</c>.</summary>
    public required string LogArea { get; init; }

    [LogRole(LogRole.RequestId)]
    public required string RequestId { get; init; }
}

/// <summary>A call of the API, answered or refused.</summary>
[Stream("identity.api-invocation-log", Durability.Audit)]
internal sealed record ApiInvocation : LogRecord
{
    [LogRole(LogRole.Time)]
    public required DateTimeOffset Timestamp { get; init; }

    [LogRole(LogRole.ClientIp)]
    public required string RequestIp { get; init; }

    /// <summary>Method and route template; never values from the address.</summary>
    public required string Operation { get; init; }
}

/// <summary>Something a person did or tried in a directory.</summary>
[Stream("identity.user-operation-log", Durability.Audit)]
internal sealed record UserOperation : LogRecord
{
    [LogRole(LogRole.Time)]
    public required DateTimeOffset OperationTime { get; init; }

    /// <summary>Stable code; see <see cref="OperationResult"/>.</summary>
    [LogRole(LogRole.Result)]
    public required string Result { get; init; }

    [LogRole(LogRole.ClientIp)]
    public required string ClientIp { get; init; }
}
