using System.Net;
using Custodia.Console;
using Custodia.Identity.Factors;
using Custodia.Identity.Passkeys;
using Custodia.Identity.Rules;
using Custodia.Identity.Sessions;
using Custodia.Identity.Sms;
using Custodia.Identity.Statistics;
using Custodia.Kernel.Vault;

namespace Custodia.Identity.Portal;

/// <summary>Gathers what the security page shows, opened for the person.</summary>
internal sealed class SecurityModels(BrowserSessions sessions, ShownFactorsModel factors, CountryTable countries, DataVault vault)
{
    public async Task<SecurityModel> OfAsync(LiveSession live, FormState form, CancellationToken cancellation)
    {
        List<SessionRow> rows = [];
        foreach (var session in await sessions.OpenOfAsync(live.User.Id, cancellation))
        {
            var address = session.ClientIp is { } ip ? await vault.OpenAsync(session.At("client-ip"), ip, "session-security", cancellation) : null;
            rows.Add(new SessionRow(
                session,
                session.Device is { } device ? await vault.OpenAsync(session.At("device"), device, "session-security", cancellation) : null,
                address,
                IPAddress.TryParse(address, out var parsed) ? countries.Of(parsed) : null,
                session.Id == live.Session.Id));
        }

        var shown = await factors.OfAsync(live, cancellation);
        return new SecurityModel(live.Directory, live.User.Credentials is not null, rows, shown, form);
    }
}

/// <summary>Gathers what a person has set up to sign in with.</summary>
internal sealed class ShownFactorsModel(SecondFactors factors, PasskeyStore passkeys, VerifiedMobiles mobiles, SignInRuleStore rules)
{
    public async Task<ShownFactors> OfAsync(LiveSession live, CancellationToken cancellation)
    {
        List<PasskeyRow> keys = [];
        foreach (var passkey in await passkeys.OfAsync(live.User.Id, cancellation)) keys.Add(new PasskeyRow(passkey, await passkeys.NameAsync(passkey, cancellation)));
        var sms = (await rules.OfAsync(live.Directory, cancellation)).Allows(SignInWay.SmsCode);
        return new ShownFactors(await factors.OfAsync(live.User.Id, cancellation), keys, sms, await mobiles.IsVerifiedAsync(live.User, cancellation));
    }
}
