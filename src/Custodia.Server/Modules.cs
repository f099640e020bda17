using Custodia.Identity;
using Custodia.Integration;
using Custodia.Kernel.Hosting;
using Custodia.Tickets;

namespace Custodia.Server;

/// <summary>The services of this server, in the order of their start.</summary>
internal static class Modules
{
    public static IReadOnlyList<IModule> All { get; } = [new IdentityModule(), new IntegrationModule(), new TicketsModule()];
}
