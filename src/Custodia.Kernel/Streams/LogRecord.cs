namespace Custodia.Kernel.Streams;

/// <summary>
/// One entry of a log. A concrete record has exactly the policy's fields of its category as properties; account and person
/// are the stream's envelope: the person is not a field of the log, it selects the key and lets the person's part be found.
/// </summary>
public abstract record LogRecord
{
    /// <summary>The account's <c>uin</c>.</summary>
    public required long Account { get; init; }

    /// <summary>The person whose record this is, where known; personal fields then open only with that person's key too.</summary>
    public Guid? Person { get; init; }
}

/// <summary>Makes a record type the shape of a stream. The category is the policy's; the version is that of the shape.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StreamAttribute(string category, Durability durability, int version = 1) : Attribute
{
    public string Category { get; } = category;

    public Durability Durability { get; } = durability;

    public int Version { get; } = version;
}

public enum Durability
{
    /// <summary>On disk before <c>AppendAsync</c> completes: the action is answered after its record.</summary>
    Audit,

    /// <summary>Accepted into a bounded buffer; on disk within 100 ms; waits when the buffer is full and never drops.</summary>
    Batched,
}

/// <summary>What a query may ask a property by. A stream has at most one property a role.</summary>
public enum LogRole
{
    Time,
    Actor,
    ClientIp,
    RequestId,
    Result,
}

[AttributeUsage(AttributeTargets.Property)]
public sealed class LogRoleAttribute(LogRole role) : Attribute
{
    public LogRole Role { get; } = role;
}
