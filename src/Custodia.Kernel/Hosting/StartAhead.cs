using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Hosting;

/// <summary>
/// What the start needs later and takes the longest to make, on another thread while the endpoints are built: the models of the
/// contexts, and the policy. Nothing of the data directory is touched.
/// </summary>
public static class StartAhead
{
    /// <summary>Begins. What goes wrong goes unobserved: it comes up again where the start asks for the same, and is reported there.</summary>
    public static void Begin(IServiceProvider services) => _ = Task.Run(() => Make(services));

    private static void Make(IServiceProvider services)
    {
        using var scope = services.CreateScope();
        foreach (var context in services.GetRequiredService<DataCatalogue>().Contexts) _ = ((DbContext)scope.ServiceProvider.GetRequiredService(context.ContextType)).Model;
        services.GetRequiredService<PolicySource>();
    }
}
