using Custodia.Identity.Protocol;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>A device code that we gave to this application (RFC 8628 section 3.4).</summary>
internal static class FindDeviceRequest
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var code = context.Parameters["device_code"];
        if (code is null) return TokenAnswer.Refuse(Errors.InvalidRequest, "device_code is missing");
        if (!OpaqueToken.Looks(code)) return Unknown();
        var hash = OpaqueToken.Hash(code);
        var request = await context.Database.DeviceRequests.AsNoTracking().SingleOrDefaultAsync(r => r.DeviceCodeHash == hash, cancellation);
        if (request is null || request.ApplicationId != context.Application.Id) return Unknown();
        context.Device = request;
        return null;
    }

    private static TokenAnswer Unknown() => TokenAnswer.Refuse(Errors.InvalidGrant, "the device code is not known");
}
