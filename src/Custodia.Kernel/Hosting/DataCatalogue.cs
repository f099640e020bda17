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

    /// <summary>Types of <see cref="IEventSubscriber"/>.</summary>
    public List<Type> Subscribers { get; } = [];

    public List<Permission> Permissions { get; } = [];

    public List<Type> RetentionRules { get; } = [];

    /// <summary>Modules that take part in export and erasure of a person, and with what.</summary>
    public List<SubjectDataRegistration> SubjectData { get; } = [];

    /// <summary>Record types of what lies in files or outside the module's context, and of figures computed from stored data.</summary>
    public List<ShapeRegistration> Shapes { get; } = [];
}

/// <summary>A module's database context.</summary>
public sealed record ContextRegistration(string Module, Type ContextType);

/// <summary>A module's part in export and erasure of a person.</summary>
public sealed record SubjectDataRegistration(string Module, Type Type);

/// <summary>A record type whose properties are policy fields without being columns, log fields or event fields.</summary>
public sealed record ShapeRegistration(string Module, Type Type);
