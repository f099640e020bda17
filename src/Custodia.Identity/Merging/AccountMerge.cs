using Custodia.Identity.Logs;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Merging;

/// <summary>
/// Makes one account of two that belong to the same person. The surviving account is named by whoever asks; it takes over the
/// connections with identity providers, and the other one is deleted as any account is, with its clock and its evidence. What
/// differs in the profiles is not mixed: the survivor's stays.
/// </summary>
internal sealed class AccountMerge(IdentityContext database, DataVault vault, AccountDeletion deletion, DeletionRequests requests, UserOperations operations)
{
    /// <param name="requestedBy">Recorded with the deletion request, e.g. <c>api</c>.</param>
    public async Task<MergeOutcome> RunAsync(HttpContext http, Directory directory, Guid surviving, Guid other, string requestedBy, CancellationToken cancellation)
    {
        if (surviving == other) return new MergeOutcome.Same();
        if (await FindAsync(directory, surviving, cancellation) is not { } survivor) return new MergeOutcome.Unknown("id");
        if (await FindAsync(directory, other, cancellation) is not { } leaving) return new MergeOutcome.Unknown("other");
        if (survivor.Status != UserStatus.Normal || await IsLeavingAsync(survivor, cancellation)) return new MergeOutcome.NotKept();

        // 1. What the other signs in with elsewhere signs in to the survivor from now on.
        var moved = await database.InTransactionAsync(token => MoveAsync(survivor, leaving, token), cancellation);

        // 2. The other is deleted; a second call finds nothing to move and the same request.
        var request = await deletion.RequestAsync(directory, other, requestedBy, cancellation);
        await operations.RecordAsync(http, directory, surviving, OperationResult.AccountsMerged, cancellation);
        return new MergeOutcome.Merged(moved, request);
    }

    // A subject is sealed under its person's key, so it is opened and sealed anew. Where both are connected with a source, the survivor's stays.
    private async Task<int> MoveAsync(User survivor, User leaving, CancellationToken cancellation)
    {
        var taken = await database.LinkedIdentities.Where(i => i.UserId == survivor.Id).Select(i => i.SourceId).ToListAsync(cancellation);
        var moving = await database.LinkedIdentities.Where(i => i.UserId == leaving.Id && !taken.Contains(i.SourceId)).ToListAsync(cancellation);
        foreach (var identity in moving)
        {
            if (await vault.OpenAsync(identity.SubjectPlace, identity.Subject, "external-sign-in", cancellation) is not { } subject) continue;
            identity.UserId = survivor.Id;
            identity.Subject = await vault.SealAsync(identity.SubjectPlace, subject, cancellation);
        }

        await database.SaveChangesAsync(cancellation);
        return moving.Count;
    }

    private Task<User?> FindAsync(Directory directory, Guid id, CancellationToken cancellation) =>
        database.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id && u.DirectoryId == directory.Id, cancellation);

    private async Task<bool> IsLeavingAsync(User user, CancellationToken cancellation) =>
        await requests.OfAsync(new Subject(user.Account, user.Id), cancellation) is { State: DeletionState.Grace or DeletionState.Erasing };
}

internal abstract record MergeOutcome
{
    /// <param name="Connections">How many connections with identity providers were taken over.</param>
    public sealed record Merged(int Connections, DeletionRequest Request) : MergeOutcome;

    /// <summary>An account cannot be merged with itself.</summary>
    public sealed record Same : MergeOutcome;

    /// <param name="Field">Which of the two the directory does not have.</param>
    public sealed record Unknown(string Field) : MergeOutcome;

    /// <summary>The one that is to survive is locked, frozen or about to be deleted.</summary>
    public sealed record NotKept : MergeOutcome;
}
