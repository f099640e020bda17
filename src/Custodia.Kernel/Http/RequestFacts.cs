using System.Net;
using Microsoft.AspNetCore.Http;

namespace Custodia.Kernel.Http;

/// <summary>What every log line about a request needs.</summary>
/// <param name="RequestId">From <c>X-Request-Id</c> when it is 8 to 64 characters of <c>[A-Za-z0-9._-]</c>, else made here; echoed in the answer.</param>
/// <param name="ClientIp">The client's address behind trusted proxies; IPv4-mapped addresses are shown as IPv4.</param>
public sealed record RequestFacts(string RequestId, IPAddress ClientIp, string Region);

public static class RequestFactsAccess
{
    public static RequestFacts Facts(this HttpContext http) =>
        http.Features.Get<RequestFacts>() ?? throw new InvalidOperationException("The request facts are set by the first middleware.");
}
