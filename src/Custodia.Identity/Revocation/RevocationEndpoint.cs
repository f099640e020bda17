using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Custodia.Identity.Tokens;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Revocation;

/// <summary><c>POST /d/{directory}/revoke</c> (RFC 7009). The hint is not needed: our tokens differ in form.</summary>
internal static class RevocationEndpoint
{
    public static async Task<IResult> HandleAsync(
        string directory, HttpContext http, Issuers issuers, ClientAuthentication clients, TokenRevocation revocation, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        if (await ParameterReading.ReadFormAsync(http.Request, cancellation) is not { } parameters)
            return ProtocolAnswers.Error(http, issuer, new ProtocolError(Errors.InvalidRequest, "the body must be application/x-www-form-urlencoded"));
        if (parameters.Fault is { } fault) return ProtocolAnswers.Error(http, issuer, fault);
        var outcome = await clients.RunAsync(http, issuer, parameters, cancellation);
        if (outcome is ClientAuthenticationOutcome.Refused refused) return ProtocolAnswers.Error(http, issuer, refused.Error);
        if (parameters["token"] is not { } token)
            return ProtocolAnswers.Error(http, issuer, new ProtocolError(Errors.InvalidRequest, "token is missing"));
        var application = ((ClientAuthenticationOutcome.Known)outcome).Application;
        // Section 2.1: a token of another client is refused, and the client is told.
        if (!await revocation.RevokeAsync(application, token, cancellation))
            return ProtocolAnswers.Error(http, issuer, new ProtocolError(Errors.InvalidGrant, "the token was issued to another client"));
        // Section 2.2: unknown tokens are revoked enough.
        ProtocolAnswers.NoStore(http);
        return Results.StatusCode(StatusCodes.Status200OK);
    }
}

/// <summary>Ends tokens for the application they were issued to.</summary>
internal sealed class TokenRevocation(IdentityContext context, AccessTokens tokens, OpaqueAccessTokens references, RevokedTokens revoked, Grants grants)
{
    /// <summary>
    /// A refresh token ends its whole grant, access tokens with it (section 2.1); an access token ends alone.
    /// </summary>
    /// <returns>False when the token belongs to another application.</returns>
    public async Task<bool> RevokeAsync(ApplicationModel application, string token, CancellationToken cancellation)
    {
        if (OpaqueToken.Looks(token)) return await RevokeGrantAsync(application, token, cancellation);
        if (await tokens.ReadAsync(token, cancellation) is not { } live) return true;
        if (live.Application.Id != application.Id) return false;
        await revoked.RevokeAsync(context, application.Account, live.Jti, live.Facts.ExpiresAt, cancellation);
        if (OpaqueAccessTokens.Looks(token)) await references.RemoveAsync(token, cancellation);
        return true;
    }

    private async Task<bool> RevokeGrantAsync(ApplicationModel application, string token, CancellationToken cancellation)
    {
        var hash = OpaqueToken.Hash(token);
        var grant = await context.RefreshTokens.AsNoTracking()
            .Where(t => t.TokenHash == hash)
            .Join(context.Grants, t => t.GrantId, g => g.Id, (_, g) => new { g.Id, g.ApplicationId })
            .SingleOrDefaultAsync(cancellation);
        if (grant is null) return true;
        if (grant.ApplicationId != application.Id) return false;
        await grants.RevokeAsync(grant.Id, cancellation);
        return true;
    }
}
