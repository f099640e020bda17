using System.Buffers;
using System.Text.Json;
using Custodia.Identity.Protocol;
using Custodia.Identity.Tokens;
using Custodia.Identity.Users;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Userinfo;

/// <summary><c>/d/{directory}/userinfo</c> (OpenID Connect Core section 5.3), by GET or POST.</summary>
internal static class UserinfoEndpoint
{
    public static async Task<IResult> HandleAsync(
        string directory, HttpContext http, Issuers issuers, AccessTokens tokens, UserProfiles profiles, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        var (text, fault) = await BearerToken.ReadAsync(http.Request, cancellation);
        // RFC 6750 section 3.1: without any credentials the answer has no error code.
        if (fault is not null) return ProtocolAnswers.BearerError(http, issuer, fault);
        if (text is null) return ProtocolAnswers.BearerError(http, issuer, error: null);
        var token = await tokens.ReadAsync(text, cancellation);
        if (token?.Holder is null || token.Issuer.DirectoryId != issuer.DirectoryId || !token.IsFor(issuer.Url))
            return ProtocolAnswers.BearerError(http, issuer, new ProtocolError(Errors.InvalidToken, "the access token is not valid here"));
        if (!token.Scopes.Contains(Scopes.OpenId, StringComparer.Ordinal))
            return ProtocolAnswers.BearerError(http, issuer, new ProtocolError(Errors.InsufficientScope, "the access token lacks the scope openid"));
        var names = ClaimNames.Of(token.Scopes).Concat(Scopes.Split(token.Grant!.UserinfoClaims));
        var claims = await PersonClaims.OpenAsync(profiles, token.Holder, names, cancellation);
        ProtocolAnswers.NoStore(http);
        return Results.Bytes(Write(token, claims), "application/json; charset=utf-8");
    }

    // sub always, and the same as in the ID token (section 5.3.2).
    private static ReadOnlyMemory<byte> Write(LiveToken token, PersonClaims claims)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("sub"u8, token.Holder!.Id.ToString());
        claims.Write(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
