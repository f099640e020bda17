using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Administration;

/// <summary>Locks, freezes and lets in again, for staff; see <see cref="UserStatus"/> for what each means.</summary>
internal sealed class StatusChanges(IdentityContext database, UserAccess access, DeletionRequests requests, StaffRanks ranks, TimeProvider time)
{
    /// <param name="reason">Staff and the person's export read it; checked by <see cref="IsReason"/> where it is needed.</param>
    public async Task<StatusOutcome> ApplyAsync(Caller caller, Guid id, UserStatus status, string? reason, CancellationToken cancellation)
    {
        if (await database.Users.SingleOrDefaultAsync(u => u.Id == id && u.Account == caller.Account, cancellation) is not { } user) return new StatusOutcome.NoUser();
        if (id == caller.Person) return new StatusOutcome.Yourself();
        if (user.Status == UserStatus.Frozen && await IsLeavingAsync(user, cancellation)) return new StatusOutcome.Deleting();
        return await database.AloneAsync<StatusOutcome>(
            StaffRanks.OwnersOf(caller.Account),
            async token =>
            {
                if (status != UserStatus.Normal && await ranks.IsLastOwnerAsync(user, token)) return new StatusOutcome.LastOwner();
                return await access.SetStatusAsync(user, status, reason, token) ? new StatusOutcome.Done() : new StatusOutcome.Changed();
            },
            cancellation);
    }

    public static bool IsReason(string? reason) => reason?.Trim().Length is >= 3 and <= 500;

    // Within a grace the person can still come back; past it erasing has begun or begins at any moment.
    private async Task<bool> IsLeavingAsync(User user, CancellationToken cancellation) =>
        await requests.OfAsync(new Subject(user.Account, user.Id), cancellation) is { State: not DeletionState.Withdrawn } request
        && (request.State != DeletionState.Grace || request.ExecuteAfter <= time.GetUtcNow());
}

internal abstract record StatusOutcome
{
    public sealed record Done : StatusOutcome;

    public sealed record NoUser : StatusOutcome;

    /// <summary>Staff cannot do it to themselves.</summary>
    public sealed record Yourself : StatusOutcome;

    /// <summary>Nobody else is an owner who can sign in.</summary>
    public sealed record LastOwner : StatusOutcome;

    /// <summary>The user is frozen because their deletion has begun.</summary>
    public sealed record Deleting : StatusOutcome;

    /// <summary>Somebody else changed status or credentials at the same moment.</summary>
    public sealed record Changed : StatusOutcome;
}
