using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.FirstStart;

/// <summary>
/// On an empty database: the first account with its staff directory, its owner and an application for the API, and the file that
/// says how to use them. All of it commits together, the file just before, so an interrupted first start begins anew.
/// </summary>
internal sealed class FirstAccount(
    IdentityContext database, Founding founding, SampleContent samples, AccountServices services, IOptions<CustodiaOptions> options) : IFirstStart
{
    /// <summary>Identity last: whether it was opened says whether all were.</summary>
    private static readonly string[] Services = [AccountServices.Integration, AccountServices.Tickets, AccountServices.Identity];

    public async Task RunAsync(Kernel.Hosting.FirstStart start, CancellationToken cancellation)
    {
        var account = await database.Accounts.AsNoTracking().OrderBy(a => a.CreatedAt).ThenBy(a => a.Uin).FirstOrDefaultAsync(cancellation)
            ?? await database.InTransactionAsync(
                token => founding.CreateAsync(start.SampleContent ? "demo" : "first", options.Value.Region, token), cancellation);
        start.Account = account.Uin;
        start.Services = await OpenServicesAsync(account.Uin, cancellation);
        if (!start.Services.Contains(AccountServices.Identity, StringComparer.Ordinal)) return;
        start.Owner = await database.SubAccounts
            .Where(s => s.Account == account.Uin && (" " + s.Roles + " ").Contains(" " + Role.Owner + " "))
            .OrderBy(s => s.CreatedAt)
            .Select(s => s.UserId)
            .FirstOrDefaultAsync(cancellation);
        if (start.SampleContent) await samples.CreateAsync(account, start.SamplePeople, cancellation);
    }

    /// <summary>Opens all services of a new account, once: what the account has ended since stays ended.</summary>
    private async Task<IReadOnlyList<string>> OpenServicesAsync(long account, CancellationToken cancellation)
    {
        if ((await services.OfAsync(account, cancellation)).All(s => s.Service != AccountServices.Identity))
        {
            foreach (var service in Services) await services.OpenAsync(account, service, cancellation);
        }

        return [.. (await services.OfAsync(account, cancellation)).Where(s => s.TerminatedAt is null).Select(s => s.Service)];
    }
}
