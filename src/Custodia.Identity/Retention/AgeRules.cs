using Custodia.Identity.Codes;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignUp;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Retention;

/// <summary>Sessions go after their age, counted from sign-in; none lasts nearly as long.</summary>
internal sealed class SessionAge(IdentityContext database) : RowRule<IdentityContext, Session>(Session.Category, "age", database)
{
    protected override IQueryable<Session> Due(RetentionMoment moment)
    {
        var limit = moment.Limit;
        return Context.Sessions.Where(s => s.CreatedAt < limit).OrderBy(s => s.CreatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.Sessions.Select(s => (DateTimeOffset?)s.CreatedAt);
}

/// <summary>One-time codes go a day after they were made; they are worthless after five minutes.</summary>
internal sealed class CodeAge(IdentityContext database) : RowRule<IdentityContext, OneTimeCode>(OneTimeCode.Category, "age", database)
{
    protected override IQueryable<OneTimeCode> Due(RetentionMoment moment)
    {
        var limit = moment.Limit;
        return Context.OneTimeCodes.Where(c => c.CreatedAt < limit).OrderBy(c => c.CreatedAt);
    }

    protected override IQueryable<DateTimeOffset?> Held() => Context.OneTimeCodes.Select(c => (DateTimeOffset?)c.CreatedAt);
}

/// <summary>Sign-ups that were never finished go with the key that would have become the person's, so also from backups.</summary>
internal sealed class SignUpAge(IdentityContext database, DataVault vault) : IRetentionRule
{
    private const int Batch = 500;

    public string Category => PendingSignUp.Category;

    public string Trigger => "age";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = moment.Limit;
        return new RetentionPreview(
            await database.PendingSignUps.LongCountAsync(p => p.CreatedAt < limit, cancellation),
            await database.PendingSignUps.MinAsync(p => (DateTimeOffset?)p.CreatedAt, cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var limit = moment.Limit;
        var all = 0;
        while (true)
        {
            var due = await database.PendingSignUps.AsNoTracking().Where(p => p.CreatedAt < limit).OrderBy(p => p.CreatedAt)
                .Select(p => new { p.Account, p.Id }).Take(Batch).ToListAsync(cancellation);
            if (due.Count == 0) return all;
            var ids = due.ConvertAll(p => p.Id);
            var finished = await database.Users.Where(u => ids.Contains(u.Id)).Select(u => u.Id).ToListAsync(cancellation);
            // The keys first: if this stops in between, the rows are still there and the next run finds them. Together, so that they share a commit.
            await Task.WhenAll(due.Where(p => !finished.Contains(p.Id))
                .Select(p => vault.DestroyAsync(KeyId.Subject(p.Account, p.Id), "sign-up never finished", cancellation)));
            all += await database.InTransactionAsync(token => database.PendingSignUps.Where(p => ids.Contains(p.Id)).ExecuteDeleteAsync(token), cancellation);
        }
    }
}
