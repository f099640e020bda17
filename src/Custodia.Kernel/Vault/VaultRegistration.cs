using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Vault;

/// <summary>Registers the vault: key ring, data vault, the watch over the key store.</summary>
public static class VaultRegistration
{
    /// <summary>
    /// The key store opens when <see cref="DataVault"/> is first asked for, which the server does before it touches any data:
    /// a <see cref="RootKeyException"/> stops the start.
    /// </summary>
    public static IServiceCollection AddVault(this IServiceCollection services)
    {
        services.AddSingleton<KeyRing>();
        services.AddHostedService<KeyRingWatch>();
        return services;
    }
}
