using Custodia.Kernel.Access;
using Custodia.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Acceptance.Contracts;

/// <summary>One server with sample content for all tests that look at it from outside.</summary>
public sealed class ProductServer : CustodiaServer
{
    public const string Name = "the product";

    /// <summary>With this header a caller who was recognised is taken for the same one of another account.</summary>
    public const string OtherAccountHeader = "X-Test-Other-Account";

    public const long OtherAccount = 999_000_000_001;

    public ProductServer() => Adjust = static builder =>
    {
        builder.Services.AddScoped<ICallerResolver, OtherAccountCallers>();
        builder.Services.AddOpenAccounts(OtherAccount);
    };

    /// <summary>Asks the product's own resolver, and changes nothing but the account.</summary>
    private sealed class OtherAccountCallers(IServiceProvider services) : ICallerResolver
    {
        private ICallerResolver Own => services.GetServices<ICallerResolver>().Last();

        public async ValueTask<Caller?> ResolveAsync(HttpContext http, AccessRule rule, CancellationToken cancellation)
        {
            var caller = await Own.ResolveAsync(http, rule, cancellation);
            return caller is not null && http.Request.Headers.ContainsKey(OtherAccountHeader) ? caller with { Account = OtherAccount } : caller;
        }

        public string SignInPath(HttpContext http, AccessRule rule) => Own.SignInPath(http, rule);
    }
}

[CollectionDefinition(ProductServer.Name)]
public sealed class ProductCollection : ICollectionFixture<ProductServer>;
