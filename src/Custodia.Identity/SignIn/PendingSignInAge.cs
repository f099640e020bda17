using Custodia.Identity.Passkeys;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.SignIn;

/// <summary>Sign-ins and challenges that nobody came back to, with the keys of days whose challenges are all over.</summary>
internal sealed class PendingSignInAge(IdentityContext database, DataVault vault) : RowRule<IdentityContext, PendingSignIn>(PendingSignIn.Category, "age", database)
{
    public override async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = moment.Limit;
        var challenges = await Context.InTransactionAsync(
            token => Context.PasskeyChallenges.Where(c => c.CreatedAt < limit).ExecuteDeleteAsync(token), cancellation);
        await vault.DestroyDaysAsync(PasskeyChallenge.DayKey, DateOnly.FromDateTime(limit.UtcDateTime), $"{Category} {Trigger}", cancellation);
        return challenges + await base.EnforceAsync(moment, cancellation);
    }

    protected override IQueryable<PendingSignIn> Due(RetentionMoment moment)
    {
        var limit = moment.Limit;
        return Context.PendingSignIns.Where(p => p.CreatedAt < limit).OrderBy(p => p.CreatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.PendingSignIns.Select(p => (DateTimeOffset?)p.CreatedAt);
}
