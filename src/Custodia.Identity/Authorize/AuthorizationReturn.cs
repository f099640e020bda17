using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Custodia.Identity.SignIn;
using Microsoft.AspNetCore.WebUtilities;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Authorize;

/// <summary>For the sign-in pages: an authorization request that waits ends at its application's redirect URI.</summary>
internal sealed class AuthorizationReturn(Issuers issuers, StoredRequests requests, ApplicationCache applications) : ISignInReturn
{
    public async ValueTask<SignInTarget?> TargetAsync(Directory directory, string returnPath, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory.Name, cancellation) is not { } issuer || IdIn(issuer, returnPath) is not { } id) return null;
        if (await requests.FindAsync(issuer, id, cancellation) is not { } pending || pending.Parameters["redirect_uri"] is not { } redirect) return null;
        var application = await applications.FindAsync(issuer.DirectoryId, pending.Parameters["client_id"], cancellation);
        return application is not null && RedirectUris.IsRegistered(application, redirect)
            ? new SignInTarget(new Uri(redirect), pending.Parameters["login_hint"])
            : null;
    }

    private static string? IdIn(Issuer issuer, string returnPath)
    {
        var prefix = issuer.Path("authorize/continue") + "?";
        return returnPath.StartsWith(prefix, StringComparison.Ordinal)
            && QueryHelpers.ParseQuery(returnPath[prefix.Length..]).TryGetValue("request", out var id)
            ? id.ToString()
            : null;
    }
}
