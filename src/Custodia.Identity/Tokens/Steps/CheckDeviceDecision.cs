using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>What the person has decided about the device, if they have (RFC 8628 section 3.5).</summary>
internal static class CheckDeviceDecision
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var device = context.Device!;
        if (device.DecidedAt is not null && device.GrantId is null) return TokenAnswer.Refuse(Errors.AccessDenied, "the person refused");
        if (device.GrantId is { } granted)
        {
            // The grant is gone when the person was erased meanwhile.
            if (await context.Grants.FindAsync(granted, cancellation) is not { } held) return TokenAnswer.Refuse(Errors.InvalidGrant, "the grant is over");
            context.Held = held;
            context.Scopes = Scopes.Split(held.Grant.Scopes);
            if (held.Grant.CodeUsedAt is not null) return null;
        }

        if (device.ExpiresAt <= context.Now) return TokenAnswer.Refuse(Errors.ExpiredToken, "the device code has expired");
        return device.GrantId is null ? TokenAnswer.Refuse(Errors.AuthorizationPending, "the person has not decided yet") : null;
    }
}
