using Custodia.Kernel.Hosting;
using Custodia.Server;
using Custodia.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Tests.Storage;

/// <summary>The contexts of the product as it is put together, without starting it.</summary>
internal static class ProductContexts
{
    public static IReadOnlyList<ContextRegistration> All { get; } = Find();

    private static List<ContextRegistration> Find()
    {
        using var folder = new TemporaryFolder();
        var app = CustodiaApp.Build([], builder => builder.Configuration.AddInMemoryCollection([new("Custodia:DataDirectory", folder.File("data"))]));
        return app.Services.GetRequiredService<DataCatalogue>().Contexts;
    }
}
