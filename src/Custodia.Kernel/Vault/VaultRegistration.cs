using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Streams;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Vault;

/// <summary>Registers the vault: key ring, data vault, the watch over the key store, the keys of cookies and forms.</summary>
internal static class VaultRegistration
{
    /// <summary>
    /// The key store opens when anything of the vault is first asked for, at the latest at <see cref="StartOrder.RootKey"/>:
    /// a <see cref="RootKeyException"/> stops the start.
    /// </summary>
    public static void AddVault(this ModuleBuilder kernel)
    {
        var services = kernel.Services;
        services.AddSingleton<KeyRing>();
        services.AddSingleton(static provider => new DataVault(
            provider.GetRequiredService<KeyRing>(),
            provider.GetRequiredService<LoadedPolicy>(),
            provider.GetRequiredService<LogStreams>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IStartStep, RootKeyStep>();
        services.AddHostedService<KeyRingWatch>();
        services.AddDataProtection().SetApplicationName("custodia");
        services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>(static (keys, provider) =>
        {
            keys.XmlRepository = new CookieKeyRepository(provider);
            keys.XmlEncryptor = new CookieKeyEncryptor(provider);
        });
        kernel.AddStream<RevealRecord>();
        kernel.AddRetentionRule<TombstoneAge>();
        kernel.AddShape<StoredKey>().AddShape<Tombstone>();
    }
}

/// <summary>Opens the key store, or stops the start.</summary>
internal sealed class RootKeyStep(IServiceProvider provider) : IStartStep
{
    public StartOrder Order => StartOrder.RootKey;

    public Task RunAsync(CancellationToken cancellation)
    {
        provider.GetRequiredService<KeyRing>();
        return Task.CompletedTask;
    }
}
