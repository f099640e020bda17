using Custodia.Identity.Sessions;
using Custodia.Kernel.Vault;

namespace Custodia.Identity.Users;

/// <summary>Locks and unlocks people. What carries the old security stamp (sessions, refresh tokens) is over at once.</summary>
internal sealed class UserAccess(IdentityContext database, BrowserSessions sessions, StatusEvents events, DataVault vault, TimeProvider time)
{
    /// <summary>Sets the status, with a reason that only staff see; ends all sessions unless the status is normal.</summary>
    /// <param name="user">Tracked by the context.</param>
    public Task SetStatusAsync(User user, UserStatus status, string? reason, CancellationToken cancellation) =>
        database.InTransactionAsync(
            async token =>
            {
                var changes = user.Status != status;
                user.Status = status;
                user.StatusReason = string.IsNullOrWhiteSpace(reason) ? null : await vault.SealAsync(user.At("status-reason"), reason.Trim(), token);
                user.UpdatedAt = time.GetUtcNow();
                if (status != UserStatus.Normal)
                {
                    user.SecurityStamp = SecurityStamp.New();
                    await sessions.EndAllAsync(user.Id, except: null, token);
                }

                if (changes) await events.PublishAsync(user, token);
                await database.SaveChangesAsync(token);
            },
            cancellation);
}
