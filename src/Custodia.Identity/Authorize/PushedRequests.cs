using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Authorize;

/// <summary>Authorization requests that applications pushed (RFC 9126): kept as <see cref="StoredRequest"/>, for a minute and for one use.</summary>
internal sealed class PushedRequests(IdentityContext context, StoredRequests requests)
{
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private const string Prefix = "urn:ietf:params:oauth:request_uri:";

    /// <summary>The id in a <c>request_uri</c> of ours; null for any other.</summary>
    public static string? IdIn(string? requestUri) =>
        requestUri is not null && requestUri.StartsWith(Prefix, StringComparison.Ordinal) ? requestUri[Prefix.Length..] : null;

    /// <summary>Stores a checked request; returns its <c>request_uri</c>.</summary>
    public async Task<string> AddAsync(Issuer issuer, ApplicationModel application, Parameters parameters, CancellationToken cancellation) =>
        Prefix + await requests.AddAsync(issuer, parameters, Life, application.Id, cancellation);

    /// <summary>Takes a request: of any number of parallel tries one gets it. Null for all others, and for another application.</summary>
    public async Task<Parameters?> TakeAsync(Issuer issuer, ApplicationModel application, string id, CancellationToken cancellation)
    {
        if (await requests.FindPushedAsync(issuer, id, application.Id, cancellation) is not { } pushed) return null;
        var hash = pushed.Stored.RequestHash;
        var taken = await context.InTransactionAsync(token => context.StoredRequests.Where(r => r.RequestHash == hash).ExecuteDeleteAsync(token), cancellation);
        return taken == 1 ? pushed.Parameters : null;
    }
}
