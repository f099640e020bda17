using Custodia.Identity.Administration;
using Custodia.Identity.Retention;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Branding;

/// <summary>The look of directories: what it needs and where its endpoints are.</summary>
internal static class BrandingRegistration
{
    public static void AddBranding(this ModuleBuilder module)
    {
        module.Services.AddSingleton<Brandings>().AddScoped<BrandingChanges>();
        module.Services.AddSingleton(new DirectorySection("branding", () => BrandingTexts.Of("Tab"), 60, Permissions.DirectoriesRead));
        module.AddRetentionRule<BrandingTermination>();
    }

    public static void MapBranding(this IEndpointRouteBuilder routes)
    {
        routes.MapBrandingApi();
        routes.MapBrandingPages();
    }
}

/// <summary>When the account ends the service, the look of its directories goes.</summary>
internal sealed class BrandingTermination(IdentityContext database, AccountServices services) : TerminationRule("identity.branding", services)
{
    protected override Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.Brandings.LongCountAsync(b => accounts.Contains(b.Account), cancellation);

    protected override Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation) =>
        database.Brandings.MinAsync(b => (DateTimeOffset?)b.UpdatedAt, cancellation);

    protected override Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        database.InTransactionAsync(token => database.Brandings.Where(b => accounts.Contains(b.Account)).ExecuteDeleteAsync(token), cancellation);
}
