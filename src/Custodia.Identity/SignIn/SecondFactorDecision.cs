using Custodia.Identity.Browsers;
using Custodia.Identity.Directories;
using Custodia.Identity.Factors;
using Custodia.Identity.Rules;
using Custodia.Identity.Sessions;
using Custodia.Identity.Users;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.SignIn;

/// <summary>Whether a first proof is enough by the rules of the directory.</summary>
internal sealed class SecondFactorDecision(SignInRuleStore store, SecondFactors factors, KnownDevices devices, TimeProvider time)
{
    /// <summary>What else is asked for; null when the proof is enough.</summary>
    public async Task<PendingNeed?> NeedAsync(HttpContext http, Directory directory, User user, string method, CancellationToken cancellation)
    {
        // Two factors in one.
        if (Authentication.IsPasskey(method)) return null;
        var rules = await store.OfAsync(directory, cancellation);
        if (rules.SecondFactor == SecondFactorRule.Off) return null;
        var has = await factors.OfAsync(user.Id, cancellation);
        var device = await devices.FindAsync(http, directory, user, cancellation);
        if (rules.RememberDays > 0 && device?.TrustedUntil > time.GetUtcNow()) return null;
        return rules.SecondFactor switch
        {
            SecondFactorRule.Optional => has.Any ? PendingNeed.Factor : null,
            SecondFactorRule.Required => has.Any ? PendingNeed.Factor : PendingNeed.Enrolment,
            _ when !await devices.IsRiskAsync(http, rules, user, device, cancellation) => null,
            _ when has.Any => PendingNeed.Factor,
            // Setting a factor up now would let an intruder set up theirs; the person's mail is a second way to them.
            _ => CanMail(user, method) ? PendingNeed.MailedCode : null,
        };
    }

    private static bool CanMail(User user, string method) =>
        user is { Email: not null, EmailVerified: true } && method is not (Authentication.MailedCode or Authentication.MagicLink);
}
