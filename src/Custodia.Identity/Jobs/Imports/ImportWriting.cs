using System.Text.Json;
using Custodia.Identity.Directories;
using Custodia.Identity.Groups;
using Custodia.Identity.Passwords;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs.Imports;

/// <summary>Stores the users of a batch: new ones sealed before the transaction, changes inside it.</summary>
internal sealed class ImportWriting(IdentityContext database, UserIntake intake, UserPasswords passwords, ImportUpdate update, TimeProvider time)
{
    public async Task<(User Row, NewUser Wanted)> PrepareAsync(Job job, Directory directory, MatchedRow row, CancellationToken cancellation)
    {
        var candidate = row.Candidate;
        var wanted = new NewUser(directory, candidate.Profile, candidate.EmailVerified == true && candidate.Profile.Email is not null, ByThemselves: false)
        {
            Id = ImportIds.Of(job, candidate.Line),
            Credentials = candidate.Hash is { } hash ? (user, token) => passwords.SetHashAsync(user, hash, token) : null,
        };
        var user = await intake.PrepareAsync(wanted, cancellation);
        if (candidate.Status is { } status) user.Status = status;
        return (user, wanted);
    }

    /// <summary>Inside the batch's transaction.</summary>
    public async Task StoreAsync(
        Directory directory, IReadOnlyCollection<(User Row, NewUser Wanted)> created, IReadOnlyCollection<MatchedRow> changed, IReadOnlyCollection<(Guid User, MatchedRow Row)> all, CancellationToken cancellation)
    {
        await intake.AddAsync(directory, created, cancellation);
        foreach (var row in changed) await update.ApplyAsync(directory, row, cancellation);
        await JoinAsync(directory, all, cancellation);
    }

    private async Task JoinAsync(Directory directory, IReadOnlyCollection<(Guid User, MatchedRow Row)> rows, CancellationToken cancellation)
    {
        var wanted = rows.SelectMany(r => r.Row.Groups.Select(g => (Group: g, r.User))).Distinct().ToList();
        if (wanted.Count == 0) return;
        var users = wanted.Select(w => w.User).Distinct().ToArray();
        var there = await database.Set<GroupMember>().AsNoTracking().Where(m => users.Contains(m.UserId)).Select(m => new { m.GroupId, m.UserId }).ToListAsync(cancellation);
        var known = there.Select(m => (m.GroupId, m.UserId)).ToHashSet();
        var now = time.GetUtcNow();
        foreach (var (group, user) in wanted.Where(w => !known.Contains((w.Group, w.User))))
            database.Add(new GroupMember { GroupId = group, UserId = user, Account = directory.Account, AddedAt = now });
        await database.SaveChangesAsync(cancellation);
    }
}

/// <summary>Changes a user who is there already to what a row says; what the row leaves out stays.</summary>
internal sealed class ImportUpdate(IdentityContext database, UserProfiles profiles, UserPasswords passwords, ProfileChanges changes, UserAccess access)
{
    public async Task ApplyAsync(Directory directory, MatchedRow row, CancellationToken cancellation)
    {
        var candidate = row.Candidate;
        var user = await database.Users.SingleAsync(u => u.Id == row.Existing, cancellation);
        var newEmail = candidate.Profile.Email is not null && row.ByEmail is null;
        await profiles.WriteAsync(user, candidate.Profile with { CustomAttributes = await MergedAsync(user, candidate.Profile.CustomAttributes, cancellation) }, cancellation);
        if (candidate.EmailVerified is { } verified) user.EmailVerified = verified && user.Email is not null;
        else if (newEmail) user.EmailVerified = false;
        if (candidate.Hash is { } hash) await passwords.SetHashAsync(user, hash, cancellation);
        await changes.PublishAsync(directory, user, cancellation);
        await database.SaveChangesAsync(cancellation);
        if (candidate.Status is { } status && status != user.Status && user.Status != UserStatus.Frozen) await access.SetStatusAsync(user, status, reason: null, cancellation);
    }

    /// <summary>The attributes of a row over those that are stored; null where the row has none.</summary>
    private async Task<string?> MergedAsync(User user, string? json, CancellationToken cancellation)
    {
        if (json is null) return null;
        var merged = CustomAttributes.Read(await profiles.OpenAsync(user, UserField.CustomAttributes, ProfileUse.UserAdministration, cancellation)).ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in CustomAttributes.Read(json)) merged[name] = value;
        return JsonSerializer.Serialize(merged);
    }
}
