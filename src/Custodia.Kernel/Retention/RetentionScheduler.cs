using Custodia.Kernel.Policy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Custodia.Kernel.Retention;

/// <summary>Enforces the policy at start and every ten minutes: a trigger that fired is answered long before its deadline.</summary>
internal sealed class RetentionScheduler(IServiceScopeFactory scopes, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<RetentionRunner>()
                .EnforceAsync(scope.ServiceProvider.GetRequiredService<PolicyInForce>().ForRetention, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
