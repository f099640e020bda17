using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>The parameters of a token exchange (RFC 8693 section 2.1): access tokens in, an access token out.</summary>
internal static class CheckExchange
{
    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) => new(Check(context.Parameters));

    private static TokenAnswer? Check(Parameters parameters)
    {
        if (!parameters.Has("subject_token")) return TokenAnswer.Refuse(Errors.InvalidRequest, "subject_token is missing");
        if (parameters["subject_token_type"] != TokenTypes.AccessToken) return TokenAnswer.Refuse(Errors.InvalidRequest, "subject_token_type must be an access token");
        if (parameters["requested_token_type"] is not (null or TokenTypes.AccessToken or TokenTypes.Jwt))
            return TokenAnswer.Refuse(Errors.InvalidRequest, "requested_token_type must be an access token");
        if (parameters.Has("actor_token") != parameters.Has("actor_token_type"))
            return TokenAnswer.Refuse(Errors.InvalidRequest, "actor_token and actor_token_type come together");
        return parameters["actor_token_type"] is null or TokenTypes.AccessToken
            ? null
            : TokenAnswer.Refuse(Errors.InvalidRequest, "actor_token_type must be an access token");
    }
}
