using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>Who asks (RFC 6749 section 3.2.1).</summary>
internal static class AuthenticateClient
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var outcome = await context.Service<ClientAuthentication>().RunAsync(context.Http, context.Issuer, context.Parameters, cancellation);
        if (outcome is ClientAuthenticationOutcome.Refused refused) return new TokenAnswer.Refused(refused.Error);
        context.Application = ((ClientAuthenticationOutcome.Known)outcome).Application;
        return null;
    }
}
