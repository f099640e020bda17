using Custodia.Identity.Passkeys;
using Custodia.Identity.RecoveryCodes;
using Custodia.Identity.Totp;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Factors;

/// <summary>Which second factors a person has, and taking them away.</summary>
internal sealed class SecondFactors(IdentityContext database, TotpFactors apps, RecoveryCodeSet codes, PasskeyStore passkeys)
{
    public async Task<FactorSet> OfAsync(Guid user, CancellationToken cancellation) => new(
        await database.TotpFactors.AnyAsync(f => f.UserId == user && f.ConfirmedAt != null, cancellation),
        await database.RecoveryCodes.CountAsync(c => c.UserId == user && c.UsedAt == null, cancellation),
        await database.Passkeys.CountAsync(p => p.UserId == user, cancellation));

    /// <summary>Takes everything away, for somebody who has lost it all. Part of the caller's transaction.</summary>
    public async Task RemoveAllAsync(Guid user, CancellationToken cancellation)
    {
        await apps.RemoveAsync(user, cancellation);
        await codes.RemoveAsync(user, cancellation);
        await passkeys.RemoveAllAsync(user, cancellation);
    }

    /// <summary>Recovery codes stand for a factor that is lost; without one they go too. Part of the caller's transaction.</summary>
    public async Task TidyAsync(Guid user, CancellationToken cancellation)
    {
        if (!(await OfAsync(user, cancellation)).Any) await codes.RemoveAsync(user, cancellation);
    }
}

/// <param name="App">An authenticator app is set up.</param>
/// <param name="RecoveryCodes">How many are left.</param>
internal readonly record struct FactorSet(bool App, int RecoveryCodes, int Passkeys)
{
    /// <summary>Whether there is anything to ask for. Recovery codes alone are none: they stand for one.</summary>
    public bool Any => App || Passkeys > 0;
}
