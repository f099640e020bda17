using System.Diagnostics.Metrics;
using System.Text.Json;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Tokens;

/// <summary><c>POST /d/{directory}/token</c> (RFC 6749 section 3.2).</summary>
internal static class TokenEndpoint
{
    private static readonly Counter<long> Answers = Telemetry.Meter.CreateCounter<long>("custodia.token.answers", "{answer}", "Answers of the token endpoint.");

    public static async Task<IResult> HandleAsync(string directory, HttpContext http, Issuers issuers, CancellationToken cancellation)
    {
        if (await issuers.FindAsync(directory, cancellation) is not { } issuer) return Problem.NotFound("directory");
        var answer = await TokenSteps.RunAsync(new TokenContext(http, issuer), cancellation);
        Answers.Add(1, new KeyValuePair<string, object?>("result", answer is TokenAnswer.Refused { Error.Code: var code } ? code : "issued"));
        if (answer is TokenAnswer.Refused refused) return ProtocolAnswers.Error(http, issuer, refused.Error);
        // RFC 6749 section 5.1: answers with tokens are never cached.
        ProtocolAnswers.NoStore(http);
        return new ReadyJson(JsonSerializer.SerializeToUtf8Bytes(((TokenAnswer.Issued)answer).Response, TokenJson.Default.TokenResponse));
    }
}
