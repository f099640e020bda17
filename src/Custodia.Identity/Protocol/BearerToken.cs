using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Protocol;

/// <summary>Takes an access token from a request: header or form, one of them (RFC 6750 section 2, RFC 9449 section 7.1); never from the address.</summary>
internal static class BearerToken
{
    public static async ValueTask<(PresentedToken? Token, ProtocolError? Fault)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        string? fromForm = null;
        if (HttpMethods.IsPost(request.Method) && request.HasFormContentType)
        {
            var form = await ParameterReading.ReadFormAsync(request, cancellation);
            if (form?.Fault is { } fault) return (null, Malformed(fault.Description));
            fromForm = form?["access_token"];
        }

        var header = request.Headers.Authorization;
        if (header.Count > 1) return (null, Malformed("one Authorization header at a time"));
        if (header.Count == 0) return (fromForm is null ? null : new PresentedToken(fromForm, IsDpop: false), null);
        if (fromForm is not null) return (null, Malformed("one way of sending the token at a time"));
        return (PresentedToken.Of(header.ToString()), null);
    }

    private static ProtocolError Malformed(string description) => new(Errors.InvalidRequest, description);
}
