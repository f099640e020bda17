using Custodia.Identity.Sessions;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Users;

/// <summary>Locks, freezes and unlocks people. What carries the old security stamp (sessions, refresh tokens) is over at once.</summary>
internal sealed class UserAccess(IdentityContext database, BrowserSessions sessions, StatusEvents events, DataVault vault, TimeProvider time)
{
    /// <summary>Sets the status, with a reason that only staff see; ends all sessions unless the status is normal.</summary>
    /// <param name="user">Tracked by the context.</param>
    /// <returns>False when status or credentials were changed since the user was read; then nothing is.</returns>
    public Task<bool> SetStatusAsync(User user, UserStatus status, string? reason, CancellationToken cancellation) =>
        database.InTransactionAsync(
            async token =>
            {
                // The stamp decides between two who change at once: a deletion that begins now is not undone by an unlock that was late.
                var (id, stamp) = (user.Id, user.SecurityStamp);
                var next = status == UserStatus.Normal ? stamp : SecurityStamp.New();
                var mine = await database.Users.Where(u => u.Id == id && u.SecurityStamp == stamp).ExecuteUpdateAsync(u => u.SetProperty(x => x.SecurityStamp, next), token);
                if (mine == 0) return false;
                var changes = user.Status != status;
                user.SecurityStamp = next;
                user.Status = status;
                user.StatusReason = string.IsNullOrWhiteSpace(reason) ? null : await vault.SealAsync(user.At("status-reason"), reason.Trim(), token);
                user.UpdatedAt = time.GetUtcNow();
                if (status != UserStatus.Normal) await sessions.EndAllAsync(user.Id, except: null, token);
                if (changes) await events.PublishAsync(user, token);
                await database.SaveChangesAsync(token);
                return true;
            },
            cancellation);
}
