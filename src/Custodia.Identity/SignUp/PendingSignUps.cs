using System.Text.Json;
using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.SignUp;

/// <summary>Keeps what somebody entered until their address is verified.</summary>
internal sealed class PendingSignUps(IdentityContext database, DataVault vault, UserProfiles profiles, TimeProvider time)
{
    /// <summary>Adds it to the context.</summary>
    /// <returns>The id that the user will have.</returns>
    public async Task<Guid> AddAsync(Directory directory, SignUpData data, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var pending = new PendingSignUp
        {
            Id = Guid.CreateVersion7(now),
            Account = directory.Account,
            DirectoryId = directory.Id,
            EmailIndex = data.Profile.Email is { } email ? await profiles.IndexAsync(directory.Account, UserField.Email, email, cancellation) : null,
            CreatedAt = now,
        };
        pending.Form = await vault.SealAsync(pending.FormPlace, JsonSerializer.Serialize(data), cancellation);
        database.PendingSignUps.Add(pending);
        return pending.Id;
    }

    /// <summary>What was entered; null when it has expired or was completed already.</summary>
    public async Task<SignUpData?> FindAsync(Directory directory, Guid id, CancellationToken cancellation)
    {
        var pending = await database.PendingSignUps.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.DirectoryId == directory.Id, cancellation);
        var json = pending is null ? null : await vault.OpenAsync(pending.FormPlace, pending.Form, "registration", cancellation);
        return json is null ? null : JsonSerializer.Deserialize<SignUpData>(json);
    }

    public Task RemoveAsync(Guid id, CancellationToken cancellation) =>
        database.PendingSignUps.Where(p => p.Id == id).ExecuteDeleteAsync(cancellation);

    /// <summary>Removes every unfinished sign-up of a person: under their own number, and tries with their address under other numbers, whose keys go too.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> EraseAsync(long account, Guid person, User? user, CancellationToken cancellation)
    {
        var (directory, index) = (user?.DirectoryId, user is null ? null : await profiles.EmailIndexAsync(user, cancellation));
        var waiting = await database.PendingSignUps.AsNoTracking()
            .Where(p => p.Account == account && (p.Id == person || (index != null && p.DirectoryId == directory && p.EmailIndex == index)))
            .ToListAsync(cancellation);
        foreach (var pending in waiting)
        {
            // The person's own key is the erasure's business, and comes last.
            if (pending.Id != person) await vault.DestroyAsync(pending.OwnerKey, "erasure of the person who signed up", cancellation);
            await RemoveAsync(pending.Id, cancellation);
        }

        return waiting.Count;
    }
}

/// <summary>What somebody enters to sign up, the password already hashed.</summary>
/// <param name="PasswordHash">Null for people who sign in elsewhere.</param>
internal sealed record SignUpData(Profile Profile, string? PasswordHash, string? Country)
{
    /// <summary>Versions of agreements that were accepted.</summary>
    public IReadOnlyList<Guid>? Agreements { get; init; }

    /// <summary>What the person signs in with from then on, when they came from a source.</summary>
    public ExternalLink? External { get; init; }

    /// <summary>Never the content.</summary>
    public override string ToString() => "(sign-up)";
}

/// <summary>A person at a source.</summary>
internal sealed record ExternalLink(Guid Source, string Subject)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => "(external link)";
}
