using Custodia.Console;
using Custodia.Identity.Authorize;
using Custodia.Identity.Portal;
using Custodia.Identity.Protocol;
using Custodia.Identity.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Agreements;

/// <summary>
/// Asks for mandatory agreements that somebody who is signed in has not accepted yet, before an application or the portal goes on.
/// The pages on which people download their data and delete themselves stay open: rights do not wait for an agreement.
/// </summary>
internal static class AgreementGate
{
    private static readonly string[] OpenPages = ["/data", "/delete", "/agreements"];

    /// <summary>A check of the authorization endpoint (OpenID Connect Core section 3.1.2.4: what the authorization server has to ask first).</summary>
    public static async ValueTask<AuthorizeAnswer?> RunAsync(AuthorizeContext context, CancellationToken cancellation)
    {
        var live = context.Session;
        if ((await context.Service<AgreementStore>().OpenAsync(live.Directory.Id, live.User.Id, cancellation)).Count == 0) return null;
        return context.Prompts.HasFlag(Prompts.None)
            ? AuthorizeAnswer.Refuse(Errors.InteractionRequired, "the person has an agreement to accept")
            : new AuthorizeAnswer.Agreements();
    }

    /// <summary>Keeps the portal's pages behind the same question.</summary>
    public static RouteGroupBuilder WithAgreements(this RouteGroupBuilder group) => group.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        var live = http.Live();
        var home = $"/account/{live.Directory.Name}";
        var page = http.Request.Path.Value![home.Length..];
        if (OpenPages.Any(p => page == p || page.StartsWith(p + "/", StringComparison.Ordinal))) return await next(context);
        var open = await http.RequestServices.GetRequiredService<AgreementStore>().OpenAsync(live.Directory.Id, live.User.Id, http.RequestAborted);
        if (open.Count == 0) return await next(context);
        return new SeeOther(PageFor(live, HttpMethods.IsGet(http.Request.Method) ? http.Request.Path + http.Request.QueryString : home));
    });

    /// <summary>The page that asks, and comes back afterwards.</summary>
    public static string PageFor(LiveSession live, string back) => $"/d/{live.Directory.Name}/agreements?return={Uri.EscapeDataString(back)}";
}
