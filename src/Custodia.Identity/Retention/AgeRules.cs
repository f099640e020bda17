using Custodia.Identity.Codes;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignUp;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Retention;

/// <summary>Sessions go after their age, counted from sign-in; none lasts nearly as long.</summary>
internal sealed class SessionAge(IdentityContext database) : IRetentionRule
{
    public string Category => Session.Category;

    public string Trigger => "age";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var before = Batches.Before(moment);
        return new RetentionPreview(
            await database.Sessions.LongCountAsync(s => s.CreatedAt < before, cancellation),
            await database.Sessions.MinAsync(s => (DateTimeOffset?)s.CreatedAt, cancellation));
    }

    public Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var before = Batches.Before(moment);
        return Batches.DeleteAsync(
            database,
            token => database.Sessions.Where(s => s.CreatedAt < before).OrderBy(s => s.CreatedAt).Take(Batches.Size).ExecuteDeleteAsync(token),
            cancellation);
    }
}

/// <summary>One-time codes go a day after they were made; they are worthless after five minutes.</summary>
internal sealed class CodeAge(IdentityContext database) : IRetentionRule
{
    public string Category => OneTimeCode.Category;

    public string Trigger => "age";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var before = Batches.Before(moment);
        return new RetentionPreview(
            await database.OneTimeCodes.LongCountAsync(c => c.CreatedAt < before, cancellation),
            await database.OneTimeCodes.MinAsync(c => (DateTimeOffset?)c.CreatedAt, cancellation));
    }

    public Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var before = Batches.Before(moment);
        return Batches.DeleteAsync(
            database,
            token => database.OneTimeCodes.Where(c => c.CreatedAt < before).OrderBy(c => c.CreatedAt).Take(Batches.Size).ExecuteDeleteAsync(token),
            cancellation);
    }
}

/// <summary>Sign-ups that were never finished go with the key that would have become the person's, so also from backups.</summary>
internal sealed class SignUpAge(IdentityContext database, DataVault vault) : IRetentionRule
{
    public string Category => PendingSignUp.Category;

    public string Trigger => "age";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var before = Batches.Before(moment);
        return new RetentionPreview(
            await database.PendingSignUps.LongCountAsync(p => p.CreatedAt < before, cancellation),
            await database.PendingSignUps.MinAsync(p => (DateTimeOffset?)p.CreatedAt, cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var before = Batches.Before(moment);
        var all = 0;
        while (true)
        {
            var due = await database.PendingSignUps.AsNoTracking().Where(p => p.CreatedAt < before).OrderBy(p => p.CreatedAt).Take(100).ToListAsync(cancellation);
            if (due.Count == 0) return all;
            foreach (var pending in due)
            {
                // The key first: if this stops in between, the row is still there and the next run finds it.
                if (!await database.Users.AnyAsync(u => u.Id == pending.Id, cancellation))
                    await vault.DestroyAsync(KeyId.Subject(pending.Account, pending.Id), "sign-up never finished", cancellation);
                all += await database.InTransactionAsync(token => database.PendingSignUps.Where(p => p.Id == pending.Id).ExecuteDeleteAsync(token), cancellation);
            }
        }
    }
}
