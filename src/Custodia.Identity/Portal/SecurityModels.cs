using Custodia.Console;
using Custodia.Identity.Factors;
using Custodia.Identity.Passkeys;
using Custodia.Identity.Sessions;
using Custodia.Kernel.Vault;

namespace Custodia.Identity.Portal;

/// <summary>Gathers what the security page shows, opened for the person.</summary>
internal sealed class SecurityModels(BrowserSessions sessions, SecondFactors factors, PasskeyStore passkeys, DataVault vault)
{
    public async Task<SecurityModel> OfAsync(LiveSession live, FormState form, CancellationToken cancellation)
    {
        List<SessionRow> rows = [];
        foreach (var session in await sessions.OpenOfAsync(live.User.Id, cancellation))
        {
            rows.Add(new SessionRow(
                session,
                session.Device is { } device ? await vault.OpenAsync(session.At("device"), device, "session-security", cancellation) : null,
                session.ClientIp is { } ip ? await vault.OpenAsync(session.At("client-ip"), ip, "session-security", cancellation) : null,
                session.Id == live.Session.Id));
        }

        List<PasskeyRow> keys = [];
        foreach (var passkey in await passkeys.OfAsync(live.User.Id, cancellation)) keys.Add(new PasskeyRow(passkey, await passkeys.NameAsync(passkey, cancellation)));
        var shown = new ShownFactors(await factors.OfAsync(live.User.Id, cancellation), keys);
        return new SecurityModel(live.Directory, live.User.Credentials is not null, rows, shown, form);
    }
}
