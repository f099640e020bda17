using Custodia.Kernel.Policy;
using Custodia.Kernel.Streams;

namespace Custodia.Kernel.Vault;

/// <summary>Somebody of the staff asked to see a sealed value. On disk before the value is opened; refusals too.</summary>
[Stream("kernel.reveal-log", Durability.Audit)]
[Category("kernel.reveal-log")]
internal sealed record RevealRecord : LogRecord
{
    [LogRole(LogRole.Time)]
    public required DateTimeOffset Time { get; init; }

    [LogRole(LogRole.Actor)]
    public required string Who { get; init; }

    public required Guid Whose { get; init; }

    public required string Category { get; init; }

    public required string Field { get; init; }

    public required string Purpose { get; init; }

    public required string Reason { get; init; }

    public required string Object { get; init; }

    /// <summary>One of <see cref="RevealResult"/>.</summary>
    [LogRole(LogRole.Result)]
    public required string Result { get; init; }

    [LogRole(LogRole.ClientIp)]
    public required string ClientIp { get; init; }

    [LogRole(LogRole.RequestId)]
    public required string RequestId { get; init; }
}

internal static class RevealResult
{
    public const string Revealed = "revealed";
    public const string NotOnWhitelist = "not-on-whitelist";
    public const string NotNamed = "not-named";
    public const string Invalid = "invalid";
    public const string Shredded = "shredded";
}
