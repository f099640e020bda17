using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Custodia.Console;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Demo;

/// <summary><c>/demo</c>, in Development: a small application that signs people in, to see the server from the other side.</summary>
internal static class DemoEndpoints
{
    private const string Claims = """{"id_token":{"name":null,"preferred_username":null,"email":null,"email_verified":null}}""";

    public static void MapDemo(this IEndpointRouteBuilder routes)
    {
        var demo = routes.MapGroup("/demo").AllowAnyone("a relying party of its own, in Development only").ExcludeFromDescription();
        demo.MapGet("", ShowAsync);
        demo.MapGet("/sign-in", (HttpContext http, DemoClient client, DemoSessions sessions, CancellationToken cancellation) =>
            BeginAsync(http, client, sessions, prompt: null, cancellation));
        demo.MapGet("/sign-up", (HttpContext http, DemoClient client, DemoSessions sessions, CancellationToken cancellation) =>
            BeginAsync(http, client, sessions, prompt: "create", cancellation));
        demo.MapGet("/callback", FinishAsync);
        demo.MapPost("/sign-out", SignOutAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, DemoClient client, DemoSessions sessions, string? error, CancellationToken cancellation)
    {
        ProtocolAnswers.NoStore(http);
        var ready = await client.RegistrationAsync(cancellation) is not null;
        return View.Show<DemoPage>(new DemoModel(ready, sessions.Of(http), error is not null));
    }

    private static async Task<IResult> BeginAsync(HttpContext http, DemoClient client, DemoSessions sessions, string? prompt, CancellationToken cancellation)
    {
        if (await client.RegistrationAsync(cancellation) is not { } registration) return new SeeOther("/demo");
        var provider = await client.ProviderAsync(registration, cancellation);
        var login = new DemoLogin(OpaqueToken.Create().Text, OpaqueToken.Create().Text, OpaqueToken.Create().Text);
        sessions.Remember(http, login);
        return ProtocolAnswers.SeeOther(http, ProtocolAnswers.With(
            provider.Authorization,
            ("client_id", registration.ClientId),
            ("redirect_uri", registration.RedirectUri),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("claims", Claims),
            ("state", login.State),
            ("nonce", login.Nonce),
            ("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(login.Verifier)))),
            ("code_challenge_method", "S256"),
            ("prompt", prompt)));
    }

    private static async Task<IResult> FinishAsync(
        HttpContext http, DemoClient client, DemoSessions sessions, string? code, string? state, string? iss, CancellationToken cancellation)
    {
        // The browser that began it, our own request, and the provider we asked (RFC 9207).
        if (await client.RegistrationAsync(cancellation) is not { } registration
            || sessions.Recall(http) is not { } login || login.State != state || iss != registration.Issuer || code is null
            || await client.RedeemAsync(registration, code, login.Verifier, login.Nonce, cancellation) is not { } tokens)
            return new SeeOther("/demo?error=sign-in");
        sessions.Begin(http, tokens);
        return new SeeOther("/demo");
    }

    private static async Task<IResult> SignOutAsync(
        HttpContext http, [FromForm] IFormCollection posted, DemoClient client, DemoSessions sessions, CancellationToken cancellation)
    {
        _ = posted;
        var tokens = sessions.Of(http);
        sessions.End(http);
        if (tokens is null || await client.RegistrationAsync(cancellation) is not { } registration) return new SeeOther("/demo");
        var provider = await client.ProviderAsync(registration, cancellation);
        return ProtocolAnswers.SeeOther(http, ProtocolAnswers.With(provider.EndSession, ("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", registration.Home)));
    }
}

/// <param name="Ready">Whether there is a directory to sign in to.</param>
/// <param name="Tokens">Null while nobody is signed in.</param>
internal sealed record DemoModel(bool Ready, DemoTokens? Tokens, bool Failed);
