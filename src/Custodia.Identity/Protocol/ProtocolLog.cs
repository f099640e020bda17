using Custodia.Identity.Logs;
using Custodia.Kernel.Http;
using Custodia.Kernel.Streams;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Protocol;

/// <summary>What the user operation log says about applications.</summary>
internal static class ProtocolResult
{
    public const string ConsentGiven = "consent-given";
    public const string ConsentRefused = "consent-refused";
    public const string ConsentRevoked = "consent-revoked";
    public const string CodeReused = "code-reused";
    public const string RefreshTokenReused = "refresh-token-reused";
    public const string DeviceAllowed = "device-allowed";
    public const string DeviceRefused = "device-refused";
    public const string TokenExchanged = "token-exchanged";
    public const string SignedOut = "signed-out";
}

/// <summary>Writes the person's own operation log for what happens at the protocol endpoints: on disk before the answer.</summary>
internal sealed class ProtocolLog(LogStreams streams, TimeProvider time)
{
    public ValueTask AddAsync(HttpContext http, long account, Guid person, string result, CancellationToken cancellation) =>
        streams.AppendAsync(
            new UserOperation
            {
                Account = account,
                Person = person,
                OperationTime = time.GetUtcNow(),
                Result = result,
                ClientIp = http.Facts().ClientIp.ToString(),
            },
            cancellation);
}
