using Custodia.Identity.Applications;
using Custodia.Identity.Device;
using Custodia.Identity.Protocol;
using Custodia.Identity.Users;
using Custodia.Kernel.Storage.Statements;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tokens;

/// <summary>One step of the token endpoint. Null goes on to the next; an answer ends the request.</summary>
internal delegate ValueTask<TokenAnswer?> TokenStep(TokenContext context, CancellationToken cancellation);

/// <summary>How a token request ends.</summary>
internal abstract record TokenAnswer
{
    public sealed record Refused(ProtocolError Error) : TokenAnswer;

    public sealed record Issued(TokenResponse Response) : TokenAnswer;

    public static TokenAnswer Refuse(string code, string description) => new Refused(new ProtocolError(code, description));
}

/// <summary>A token request on its way through the steps; each fills in what later ones need.</summary>
internal sealed class TokenContext(HttpContext http, Issuer issuer)
{
    public HttpContext Http { get; } = http;

    public Issuer Issuer { get; } = issuer;

    public Parameters Parameters { get; set; } = null!;

    public ApplicationModel Application { get; set; } = null!;

    /// <summary>The grant that the tokens come from, as it was when it was read.</summary>
    public HeldGrant Held { get; set; } = null!;

    public Grant Grant => Held.Grant;

    /// <summary>The token presented, for the refresh grant.</summary>
    public RefreshToken? Presented { get; set; }

    /// <summary>The device that asks, for the device grant.</summary>
    public DeviceRequest? Device { get; set; }

    public User Holder => Held.Holder!;

    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>The token to be exchanged.</summary>
    public LiveToken? Subject { get; set; }

    /// <summary>Audience of client credentials and of an exchanged token.</summary>
    public string Audience { get; set; } = "";

    /// <summary>Thumbprint of the key that the request proves to have (RFC 9449); null without a proof.</summary>
    public string? Key { get; set; }

    /// <summary>The refresh token to hand out, once it is stored.</summary>
    public string? RefreshToken { get; set; }

    public DateTimeOffset Now { get; } = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    // Resolved when a step asks: client credentials never open the database.
    public IdentityContext Database => Service<IdentityContext>();

    public IStatements<IdentityContext> Statements => Service<IStatements<IdentityContext>>();

    public Grants Grants => Service<Grants>();

    public TokenIssuing Issuing => Service<TokenIssuing>();

    /// <summary>Makes an access token in the form that the application asks for.</summary>
    public async ValueTask<IssuedToken> AccessTokenAsync(AccessTokenOrder order, CancellationToken cancellation) =>
        Application.OpaqueTokens
            ? await Service<OpaqueAccessTokens>().AddAsync(order, cancellation)
            : await Issuing.AccessTokenAsync(order, cancellation);

    public T Service<T>()
        where T : notnull => Http.RequestServices.GetRequiredService<T>();
}
