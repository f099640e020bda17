using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Testing;

/// <summary>Accounts that a test plays itself, with all services open as a founded one has them.</summary>
public static class OpenAccounts
{
    public static void AddOpenAccounts(this IServiceCollection services, params IReadOnlyList<long> accounts) =>
        services.AddScoped<IFirstStart>(provider => new Step(provider.GetRequiredService<AccountServices>(), accounts));

    private sealed class Step(AccountServices services, IReadOnlyList<long> accounts) : IFirstStart
    {
        public async Task RunAsync(FirstStart start, CancellationToken cancellation)
        {
            foreach (var account in accounts)
            {
                foreach (var service in AccountServices.Names) await services.OpenAsync(account, service, cancellation);
            }
        }
    }
}
