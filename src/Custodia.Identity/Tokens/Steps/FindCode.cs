using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>A code that we gave to this application (RFC 6749 section 4.1.3).</summary>
internal static class FindCode
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var code = context.Parameters["code"];
        if (code is null) return TokenAnswer.Refuse(Errors.InvalidRequest, "code is missing");
        if (!OpaqueToken.Looks(code)) return Unknown();
        var held = await context.Grants.FindByCodeAsync(OpaqueToken.Hash(code), cancellation);
        if (held is null || held.Grant.ApplicationId != context.Application.Id) return Unknown();
        context.Held = held;
        context.Scopes = Scopes.Split(held.Grant.Scopes);
        return null;
    }

    private static TokenAnswer Unknown() => TokenAnswer.Refuse(Errors.InvalidGrant, "the code is not known");
}
