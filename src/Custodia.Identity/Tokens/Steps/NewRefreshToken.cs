using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>Stores the next refresh token of a grant, inside the caller's transaction.</summary>
internal static class NewRefreshToken
{
    public static async Task AddAsync(TokenContext context, CancellationToken cancellation)
    {
        var (text, hash) = OpaqueToken.Create();
        var idle = context.Now + context.Application.RefreshIdle;
        context.Database.RefreshTokens.Add(new RefreshToken
        {
            TokenHash = hash,
            Account = context.Grant.Account,
            GrantId = context.Grant.Id,
            CreatedAt = context.Now,
            ExpiresAt = idle < context.Grant.ExpiresAt ? idle : context.Grant.ExpiresAt,
        });
        await context.Database.SaveChangesAsync(cancellation);
        context.RefreshToken = text;
    }
}
