using System.Collections.Frozen;
using Custodia.Identity.Tokens.Steps;

namespace Custodia.Identity.Tokens;

/// <summary>The token endpoint: what is checked and done, in this order.</summary>
internal static class TokenSteps
{
    public const string AuthorizationCode = "authorization_code";
    public const string RefreshTokenGrant = "refresh_token";
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";
    public const string TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    public const string ClientCredentials = "client_credentials";

    public static readonly IReadOnlyList<TokenStep> Always =
    [
        ReadRequest.Run,
        AuthenticateClient.Run,
        ChooseGrantType.Run,
        CheckProof.Run,
    ];

    public static readonly FrozenDictionary<string, IReadOnlyList<TokenStep>> ByGrantType =
        new Dictionary<string, IReadOnlyList<TokenStep>>(StringComparer.Ordinal)
        {
            [AuthorizationCode] =
            [
                FindCode.Run,
                CheckCodeIsFresh.Run,
                CheckRedirectUri.Run,
                CheckVerifier.Run,
                CheckKey.Run,
                CheckHolder.Run,
                CheckResource.Run,
                KeepToApplication.Run,
                RedeemCode.Run,
                IssueFromGrant.Run,
            ],
            [RefreshTokenGrant] =
            [
                FindRefreshToken.Run,
                CheckKey.Run,
                CheckRefreshToken.Run,
                CheckHolder.Run,
                CheckResource.Run,
                KeepToApplication.Run,
                NarrowScope.Run,
                Rotate.Run,
                IssueFromGrant.Run,
            ],
            [DeviceCode] =
            [
                FindDeviceRequest.Run,
                CheckDevicePace.Run,
                CheckDeviceDecision.Run,
                CheckCodeIsFresh.Run,
                CheckHolder.Run,
                CheckResource.Run,
                KeepToApplication.Run,
                RedeemCode.Run,
                IssueFromGrant.Run,
            ],
            [TokenExchange] =
            [
                CheckExchange.Run,
                FindSubject.Run,
                CheckActor.Run,
                ChooseTarget.Run,
                NarrowToSubject.Run,
                IssueExchanged.Run,
            ],
            [ClientCredentials] =
            [
                ChooseAudience.Run,
                ChooseScope.Run,
                IssueForApplication.Run,
            ],
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public static async ValueTask<TokenAnswer> RunAsync(TokenContext context, CancellationToken cancellation)
    {
        foreach (var step in Always)
        {
            if (await step(context, cancellation) is { } answer) return answer;
        }

        foreach (var step in ByGrantType[context.Parameters["grant_type"]!])
        {
            if (await step(context, cancellation) is { } answer) return answer;
        }

        throw new InvalidOperationException("The last step of a grant type answers.");
    }
}
