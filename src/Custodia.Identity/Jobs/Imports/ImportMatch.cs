using Custodia.Identity.Directories;
using Custodia.Identity.Groups;
using Custodia.Identity.Registration;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs.Imports;

/// <summary>A row that can be imported, its keyed indexes, and whom of the directory it is about.</summary>
internal sealed class MatchedRow(ImportCandidate candidate, byte[]? nameIndex, byte[]? emailIndex)
{
    public ImportCandidate Candidate { get; } = candidate;

    public byte[]? NameIndex { get; } = nameIndex;

    public byte[]? EmailIndex { get; } = emailIndex;

    public Guid? ByName { get; set; }

    public Guid? ByEmail { get; set; }

    public Guid? Existing => ByName ?? ByEmail;

    /// <summary>The user name is one person's and the address another's.</summary>
    public bool IsTorn => ByName is { } one && ByEmail is { } other && one != other;

    /// <summary>Somebody with this name or address stood in the file before; only of a run that writes nothing.</summary>
    public bool IsTwice { get; set; }

    public List<Guid> Groups { get; } = [];
}

/// <summary>Finds out, for all rows of a batch with one query each, who is there already.</summary>
internal sealed class ImportMatch(IdentityContext database, UserProfiles profiles, AttributeRules attributes)
{
    public async Task<MatchedRow> IndexAsync(Directory directory, ImportCandidate candidate, CancellationToken cancellation) => new(
        candidate,
        await IndexAsync(directory, UserField.UserName, candidate.Profile.UserName, cancellation),
        await IndexAsync(directory, UserField.Email, candidate.Profile.Email, cancellation));

    public async Task FindAsync(Directory directory, IReadOnlyCollection<MatchedRow> rows, CancellationToken cancellation)
    {
        var names = rows.Select(r => r.NameIndex).OfType<byte[]>().ToArray();
        var emails = rows.Select(r => r.EmailIndex).OfType<byte[]>().ToArray();
        var users = database.Users.AsNoTracking().Where(u => u.DirectoryId == directory.Id);
        var byName = await users.Where(u => names.Contains(u.UserNameIndex)).Select(u => new { u.Id, Index = u.UserNameIndex! }).ToListAsync(cancellation);
        var byEmail = await users.Where(u => emails.Contains(u.EmailIndex)).Select(u => new { u.Id, Index = u.EmailIndex! }).ToListAsync(cancellation);
        var nameOwners = byName.ToDictionary(u => Convert.ToHexString(u.Index), u => u.Id, StringComparer.Ordinal);
        var emailOwners = byEmail.ToDictionary(u => Convert.ToHexString(u.Index), u => u.Id, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            row.ByName = Owner(nameOwners, row.NameIndex);
            row.ByEmail = Owner(emailOwners, row.EmailIndex);
        }
    }

    /// <summary>Groups of the directory by the key of their name.</summary>
    public async Task<IReadOnlyDictionary<string, Guid>> GroupsAsync(Directory directory, CancellationToken cancellation) =>
        await database.Set<Group>().AsNoTracking().Where(g => g.DirectoryId == directory.Id)
            .ToDictionaryAsync(g => g.NameKey, g => g.Id, StringComparer.Ordinal, cancellation);

    /// <summary>What the directory asks of the custom attributes that a mapping names.</summary>
    public async Task<IReadOnlyList<AttributeDefinition>> AttributesAsync(Directory directory, ImportMapping mapping, CancellationToken cancellation) =>
        mapping.CustomAttributes is { Count: > 0 } ? await attributes.OfAsync(directory.Id, cancellation) : [];

    private async Task<byte[]?> IndexAsync(Directory directory, UserField field, string? value, CancellationToken cancellation) =>
        value is null ? null : await profiles.IndexAsync(directory.Account, field, value, cancellation);

    private static Guid? Owner(Dictionary<string, Guid> owners, byte[]? index) =>
        index is not null && owners.TryGetValue(Convert.ToHexString(index), out var owner) ? owner : null;
}
