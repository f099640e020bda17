using Custodia.Identity.Protocol;
using Custodia.Identity.Tokens;
using Custodia.Kernel.Storage.Statements;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>Stores the grant with its code (RFC 6749 section 4.1.2: short-lived and for one use).</summary>
internal static class IssueCode
{
    public static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(1);

    public static async ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation)
    {
        var (code, hash) = OpaqueToken.Create();
        var (session, user, _) = context.Session;
        var offline = context.Scopes.Contains(Scopes.OfflineAccess, StringComparer.Ordinal);
        var grant = new Grant
        {
            Id = Guid.CreateVersion7(context.Now),
            Account = context.Issuer.Account,
            DirectoryId = context.Issuer.DirectoryId,
            ApplicationId = context.Application.Id,
            UserId = user.Id,
            SessionId = session.Id,
            SecurityStamp = user.SecurityStamp,
            Scopes = Scopes.Join(context.Scopes),
            Resource = context.Resource,
            IdTokenClaims = Scopes.Join(context.Claims.IdToken),
            UserinfoClaims = Scopes.Join(context.Claims.Userinfo),
            Nonce = context.Parameters["nonce"],
            AuthTime = session.AuthTime,
            Amr = session.Amr,
            Acr = context.ContextClass,
            CodeHash = hash,
            CodeExpiresAt = context.Now + CodeLife,
            RedirectUri = context.RedirectUri,
            CodeChallenge = context.Parameters["code_challenge"]!,
            DpopKey = context.Parameters["dpop_jkt"],
            CreatedAt = context.Now,
            // Without offline access the last token of the grant is its access token.
            ExpiresAt = context.Now + (offline ? context.Application.RefreshLife : CodeLife + context.Application.AccessTokenLife),
        };
        await context.Service<IStatements<IdentityContext>>().WriteAsync(
            async writer =>
            {
                await writer.InsertAsync(grant);
                return true;
            },
            cancellation);
        return new AuthorizeAnswer.Code(code);
    }
}
