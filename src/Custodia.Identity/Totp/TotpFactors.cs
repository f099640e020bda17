using System.Security.Cryptography;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Totp;

/// <summary>Sets authenticator apps up and accepts their codes.</summary>
internal sealed class TotpFactors(IdentityContext database, DataVault vault, TimeProvider time)
{
    private const string Use = "sign-in";

    /// <summary>Begins to set an app up, or goes on with one that was begun a short while ago; an older one is thrown away.</summary>
    public async Task<(TotpFactor Factor, byte[] Secret)> BeginAsync(User user, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var limit = now - TimeSpan.FromMinutes(30);
        var begun = await database.TotpFactors.AsNoTracking()
            .Where(f => f.UserId == user.Id && f.ConfirmedAt == null && f.CreatedAt > limit)
            .OrderByDescending(f => f.Id).FirstOrDefaultAsync(cancellation);
        if (begun is not null && await vault.OpenAsync(begun.SecretPlace, begun.Secret, Use, cancellation) is { } known) return (begun, known);
        var secret = RandomNumberGenerator.GetBytes(TotpCode.SecretLength);
        var factor = new TotpFactor { Id = Guid.CreateVersion7(now), Account = user.Account, UserId = user.Id, CreatedAt = now };
        factor.Secret = await vault.SealAsync(factor.SecretPlace, secret, cancellation);
        await database.InTransactionAsync(
            async token =>
            {
                await database.TotpFactors.Where(f => f.UserId == user.Id && f.ConfirmedAt == null).ExecuteDeleteAsync(token);
                database.TotpFactors.Add(factor);
                await database.SaveChangesAsync(token);
            },
            cancellation);
        return (factor, secret);
    }

    /// <summary>Confirms the app that was begun with a code of it. False when the code is not right. Part of the caller's transaction.</summary>
    public async Task<bool> ConfirmAsync(User user, string typed, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await database.HoldAsync($"totp/{user.Id:N}", cancellation);
        var factor = await database.TotpFactors.AsNoTracking()
            .Where(f => f.UserId == user.Id && f.ConfirmedAt == null).OrderByDescending(f => f.Id).FirstOrDefaultAsync(cancellation);
        if (factor is null || await StepAsync(factor, typed, now, cancellation) is not { } step) return false;
        var confirmed = await database.TotpFactors.Where(f => f.Id == factor.Id && f.ConfirmedAt == null && !database.TotpFactors.Any(o => o.UserId == user.Id && o.ConfirmedAt != null))
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.ConfirmedAt, now).SetProperty(f => f.LastUsedAt, now).SetProperty(f => f.LastStep, step), cancellation);
        return confirmed == 1;
    }

    /// <summary>Accepts a code once: the step of the last accepted code only ever grows. Part of the caller's transaction.</summary>
    public async Task<bool> AcceptAsync(User user, string typed, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var factor = await database.TotpFactors.AsNoTracking().FirstOrDefaultAsync(f => f.UserId == user.Id && f.ConfirmedAt != null, cancellation);
        if (factor is null || await StepAsync(factor, typed, now, cancellation) is not { } step) return false;
        return await database.TotpFactors.Where(f => f.Id == factor.Id && f.LastStep < step)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.LastStep, step).SetProperty(f => f.LastUsedAt, now), cancellation) == 1;
    }

    /// <summary>Removes the app. False when there was none. Part of the caller's transaction.</summary>
    public async Task<bool> RemoveAsync(Guid user, CancellationToken cancellation) =>
        await database.TotpFactors.Where(f => f.UserId == user).ExecuteDeleteAsync(cancellation) > 0;

    private async Task<long?> StepAsync(TotpFactor factor, string typed, DateTimeOffset now, CancellationToken cancellation)
    {
        if (TotpCode.Digits(typed) is not { } digits) return null;
        return await vault.OpenAsync(factor.SecretPlace, factor.Secret, Use, cancellation) is { } secret ? TotpCode.Match(secret, digits, now) : null;
    }
}
