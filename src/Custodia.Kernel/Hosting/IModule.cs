using Microsoft.AspNetCore.Routing;

namespace Custodia.Kernel.Hosting;

/// <summary>
/// One service of the server (Identity, Integration, Tickets). A module registers everything it has explicitly;
/// nothing is found by scanning assemblies.
/// </summary>
public interface IModule
{
    /// <summary>Lower-case name, the first part of its category ids and table names, e.g. <c>identity</c>.</summary>
    string Name { get; }

    /// <summary>Whether the module reads settings of its own, below <c>Custodia:</c> and its name.</summary>
    bool HasSettings => false;

    /// <summary>Registers services, the database context, streams, events, permissions, subject data and retention rules.</summary>
    void Add(ModuleBuilder module);

    /// <summary>Maps routes. Every endpoint declares who may call it (see <see cref="Access.EndpointAccess"/>).</summary>
    void Map(IEndpointRouteBuilder routes);
}
