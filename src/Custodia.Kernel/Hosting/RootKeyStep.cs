using Custodia.Kernel.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Hosting;

/// <summary>Opens the key store; without its root key the server does not start.</summary>
internal sealed class RootKeyStep(IServiceProvider services) : IStartStep
{
    public StartOrder Order => StartOrder.RootKey;

    public Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            services.GetRequiredService<KeyRing>();
        }
        catch (RootKeyException e)
        {
            throw new StartRefusedException(StartRefusedException.Configuration, $"{CustodiaOptions.Section}:Keys: {e.Message}", e);
        }

        return Task.CompletedTask;
    }
}
