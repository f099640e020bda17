using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Custodia.Identity.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Authorize;

/// <summary>One check of the authorization endpoint. Null goes on to the next; an answer ends the request.</summary>
internal delegate ValueTask<AuthorizeAnswer?> AuthorizeCheck(AuthorizeContext context, CancellationToken cancellation);

/// <summary>How an authorization request ends.</summary>
internal abstract record AuthorizeAnswer
{
    /// <summary>The application or its redirect URI cannot be trusted: the person is told, the browser goes nowhere.</summary>
    public sealed record Page(string Reason) : AuthorizeAnswer;

    /// <summary>The application is told, at its redirect URI.</summary>
    public sealed record Refused(ProtocolError Error) : AuthorizeAnswer;

    /// <summary>The person has to sign in, then the request goes on.</summary>
    public sealed record SignIn : AuthorizeAnswer;

    /// <summary>The person has to prove more, then the request goes on.</summary>
    /// <param name="PasskeyOnly">Nothing but a passkey is enough.</param>
    public sealed record StepUp(bool PasskeyOnly) : AuthorizeAnswer;

    /// <summary>The person has to agree, then the request goes on.</summary>
    public sealed record Consent : AuthorizeAnswer;

    /// <summary>The person has to accept an agreement of the directory, then the request goes on.</summary>
    public sealed record Agreements : AuthorizeAnswer;

    public sealed record Code(string Text) : AuthorizeAnswer;

    public static AuthorizeAnswer Refuse(string code, string description) => new Refused(new ProtocolError(code, description));
}

/// <summary>An authorization request on its way through the checks; each fills in what later ones need.</summary>
internal sealed class AuthorizeContext(HttpContext http, Issuer issuer, Parameters parameters, PendingRequest? pending)
{
    public HttpContext Http { get; } = http;

    public Issuer Issuer { get; } = issuer;

    public Parameters Parameters { get; set; } = parameters;

    /// <summary>Whether the application handed the request in itself (RFC 9126).</summary>
    public bool IsPushed { get; set; }

    /// <summary>The request as it was stored, when it goes on after the person signed in or agreed.</summary>
    public PendingRequest? Pending { get; } = pending;

    public DateTimeOffset Now { get; } = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    public ApplicationModel Application { get; set; } = null!;

    /// <summary>Set once it is trusted; before that nothing is ever sent there.</summary>
    public string RedirectUri { get; set; } = "";

    public IReadOnlyList<string> Scopes { get; set; } = [];

    public string? Resource { get; set; }

    public Prompts Prompts { get; set; }

    public TimeSpan? MaxAge { get; set; }

    public RequestedClaims Claims { get; set; } = RequestedClaims.None;

    /// <summary>The person the application expects (<c>id_token_hint</c> or the claim <c>sub</c>).</summary>
    public Guid? ExpectedPerson { get; set; }

    public LiveSession Session { get; set; } = null!;

    /// <summary>The authentication context class that the answer states; one that the session reaches.</summary>
    public string ContextClass { get; set; } = "";

    public T Service<T>()
        where T : notnull => Http.RequestServices.GetRequiredService<T>();
}

/// <summary>Values of <c>prompt</c> (OpenID Connect Core section 3.1.2.1; <c>create</c>: Initiating User Registration via OpenID Connect 1.0).</summary>
[Flags]
internal enum Prompts
{
    Unsaid = 0,
    None = 1,
    Login = 2,
    Consent = 4,
    SelectAccount = 8,
    Create = 16,
}
