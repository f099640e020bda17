using System.Buffers;
using System.Text.Json;
using Custodia.Identity.Dpop;
using Custodia.Identity.Groups;
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
        string directory, HttpContext http, Issuers issuers, AccessTokens tokens, DpopProofs proofs, [AsParameters] PersonSources sources, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        var (presented, fault) = await BearerToken.ReadAsync(http.Request, cancellation);
        // RFC 6750 section 3.1: without any credentials the answer has no error code.
        if (fault is not null) return ProtocolAnswers.TokenError(http, issuer, fault);
        if (presented is null) return ProtocolAnswers.TokenError(http, issuer, error: null);
        var token = await tokens.ReadAsync(presented.Text, cancellation);
        if (token?.Holder is null || token.Issuer.DirectoryId != issuer.DirectoryId || !token.IsFor(issuer.Url))
            return ProtocolAnswers.TokenError(http, issuer, new ProtocolError(Errors.InvalidToken, "the access token is not valid here"), presented.IsDpop);
        if (SenderConstraint.Check(proofs, http, presented, token.Key) is { } error) return ProtocolAnswers.TokenError(http, issuer, error, presented.IsDpop);
        if (!token.Scopes.Contains(Scopes.OpenId, StringComparer.Ordinal))
            return ProtocolAnswers.TokenError(http, issuer, new ProtocolError(Errors.InsufficientScope, "the access token lacks the scope openid"), presented.IsDpop);
        var names = ClaimNames.Of(token.Scopes).Concat(ClaimNames.Kept(token.Grant!.UserinfoClaims, token.Application)).ToList();
        var groups = names.Contains(ClaimNames.Groups) ? await sources.Groups.ForUserinfoAsync(token.Holder.Id, cancellation) : null;
        var claims = await PersonClaims.OpenAsync(sources.Profiles, token.Holder, names, groups, cancellation);
        ProtocolAnswers.NoStore(http);
        return new ReadyJson(Write(token, claims));
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

/// <summary>Where claims about a person come from.</summary>
internal readonly record struct PersonSources(UserProfiles Profiles, GroupClaims Groups);
