using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;
using Custodia.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Custodia.Kernel.Tests.Vault;

/// <summary>The kernel without modules and without the web, in a folder of its own, under the product's own policy.</summary>
public sealed class VaultHost : IAsyncLifetime
{
    internal const long Account = 1001;
    internal const string Profile = "identity.user-profile";

    private readonly TemporaryFolder _folder = new();
    private IHost? _host;

    internal IServiceProvider Services => _host!.Services;

    internal DataVault Vault => Services.GetRequiredService<DataVault>();

    internal KeyRing Ring => Services.GetRequiredService<KeyRing>();

    internal LoadedPolicy Policy => Services.GetRequiredService<LoadedPolicy>();

    internal DataLayout Layout => Services.GetRequiredService<DataLayout>();

    internal static Place At(KeyId key, string field = "email", string row = "row-1") => new(key, Profile, field, row);

    internal static KeyId Somebody() => KeyId.Subject(Account, Guid.CreateVersion7());

    public async Task InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Custodia:DataDirectory"] = _folder.Path });
        builder.Services.AddLogging();
        builder.Services.AddCustodia(builder.Configuration, builder.Environment, []);
        _host = builder.Build();
        await _host.Services.GetRequiredService<StartSequence>().RunAsync(StartOrder.RootKey, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        _folder.Dispose();
    }
}
