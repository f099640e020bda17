using Custodia.Kernel.Access;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Streams;

namespace Custodia.Kernel.Hosting;

/// <summary>Everything that the registered modules store, log, publish, permit and delete: what the policy is checked against.</summary>
public sealed class DataCatalogue
{
    public List<ContextRegistration> Contexts { get; } = [];

    public List<StreamShape> Streams { get; } = [];

    public List<EventShape> Events { get; } = [];

    public List<Permission> Permissions { get; } = [];

    public List<Type> RetentionRules { get; } = [];
}

/// <summary>A module's database context.</summary>
public sealed record ContextRegistration(string Module, Type ContextType);
