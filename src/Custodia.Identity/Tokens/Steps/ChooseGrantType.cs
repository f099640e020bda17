using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>A grant type that we have and this application may use (RFC 6749 section 5.2).</summary>
internal static class ChooseGrantType
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) => new(Check(context));

    private static TokenAnswer? Check(TokenContext context)
    {
        if (context.Parameters["grant_type"] is not { } type) return TokenAnswer.Refuse(Errors.InvalidRequest, "grant_type is missing");
        if (!TokenSteps.ByGrantType.ContainsKey(type)) return TokenAnswer.Refuse(Errors.UnsupportedGrantType, "the grant type is not supported");
        var application = context.Application;
        var allowed = type switch
        {
            TokenSteps.ClientCredentials => !application.ActsForPeople,
            TokenSteps.TokenExchange => !application.IsPublic && application.ExchangeFrom.Count > 0,
            TokenSteps.DeviceCode => application.ActsForPeople && application.DeviceGrant,
            _ => application.ActsForPeople,
        };
        return !allowed
            ? TokenAnswer.Refuse(Errors.UnauthorizedClient, "the application may not use this grant type")
            : null;
    }
}
