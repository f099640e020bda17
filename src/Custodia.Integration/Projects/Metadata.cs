using Custodia.Kernel.Policy;

namespace Custodia.Integration.Projects;

/// <summary>What the policy's metadata has of everything that an account designs or runs.</summary>
internal abstract class Metadata
{
    [Field("account", Category = "integration.design")]
    public long Account { get; init; }

    public DateTimeOffset CreatedTime { get; init; }

    public DateTimeOffset UpdateTime { get; set; }
}

/// <summary>A thing with a name of its own, on which staff may remark.</summary>
internal abstract class NamedMetadata : Metadata
{
    [Field("name", Category = "integration.design")]
    public required string Name { get; set; }

    public string? Remark { get; set; }
}
