using Custodia.Identity.Agreements;
using Custodia.Identity.Protocol;
using Custodia.Identity.Rules;
using Custodia.Identity.Sessions;
using Custodia.Identity.StepUp;

namespace Custodia.Identity.Device;

/// <summary>
/// What a person has to do before they let a device in: the same as before they reach its application in a browser. Otherwise a
/// device would be the way around a second factor or an agreement.
/// </summary>
internal sealed class DeviceGate(SignInRuleStore rules, AgreementStore agreements)
{
    /// <summary>Where the person goes first, and comes back from to the question; null when nothing stands in the way.</summary>
    public async Task<string?> DetourAsync(Issuer issuer, LiveSession live, AskingDevice asked, CancellationToken cancellation)
    {
        var back = ProtocolAnswers.With(issuer.Path("device"), ("user_code", UserCode.Shown(asked.UserCode)));
        var reached = Authentication.ClassesReached(live.Session.Amr, live.Session.Acr);
        if (!reached.Contains(ContextClasses.Multiple) && await rules.DemandsSecondFactorAsync(asked.Application.Id, cancellation))
            return StepUpEndpoints.PathOf(issuer.Name, back, passkey: false);
        return (await agreements.OpenAsync(live.Directory.Id, live.User.Id, cancellation)).Count > 0 ? AgreementGate.PageFor(live, back) : null;
    }
}
