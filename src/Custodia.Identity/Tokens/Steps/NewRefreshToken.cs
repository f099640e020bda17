using Custodia.Identity.Protocol;
using Custodia.Kernel.Storage.Statements;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>Stores the next refresh token of a grant, inside the caller's transaction.</summary>
internal static class NewRefreshToken
{
    public static async ValueTask AddAsync(TokenContext context, IStatementWriter writer)
    {
        var (text, hash) = OpaqueToken.Create();
        var idle = context.Now + context.Application.RefreshIdle;
        await writer.InsertAsync(new RefreshToken
        {
            TokenHash = hash,
            Account = context.Grant.Account,
            GrantId = context.Grant.Id,
            CreatedAt = context.Now,
            ExpiresAt = idle < context.Grant.ExpiresAt ? idle : context.Grant.ExpiresAt,
        });
        context.RefreshToken = text;
    }
}
