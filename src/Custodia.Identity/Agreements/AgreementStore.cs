using Custodia.Kernel.Storage.Statements;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Agreements;

/// <summary>Which agreements are in force, who has accepted them, and the changes of both.</summary>
internal sealed class AgreementStore(IdentityContext database, IStatements<IdentityContext> statements, TimeProvider time)
{
    private static readonly Query<Agreement> AnyMandatory = new(
        tables => $"SELECT {tables.Columns<Agreement>("a")} FROM {tables.Of<Agreement>()} a WHERE a.directory_id = @p0 AND a.mandatory AND a.valid_from <= @p1 LIMIT 1",
        row => row.Entity<Agreement>());

    /// <summary>All versions of a directory, newest first.</summary>
    public Task<List<Agreement>> AllAsync(Guid directory, CancellationToken cancellation) =>
        database.Agreements.AsNoTracking().Where(a => a.DirectoryId == directory).OrderByDescending(a => a.ValidFrom).ThenByDescending(a => a.Id).ToListAsync(cancellation);

    /// <summary>Of each agreement the newest version that has begun, unless it is retired; mandatory ones first.</summary>
    public async Task<IReadOnlyList<Agreement>> InForceAsync(Guid directory, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return InForceOf(
            await database.Agreements.AsNoTracking().Where(a => a.DirectoryId == directory && a.ValidFrom <= now).ToListAsync(cancellation), now);
    }

    /// <summary>The versions in force out of all of a directory.</summary>
    public static IReadOnlyList<Agreement> InForceOf(IEnumerable<Agreement> all, DateTimeOffset now) =>
    [
        .. all.Where(a => a.ValidFrom <= now)
            .GroupBy(a => a.Name, StringComparer.Ordinal)
            .Select(g => g.OrderByDescending(a => a.ValidFrom).ThenByDescending(a => a.Id).First())
            .Where(a => a.RetiredAt is null || a.RetiredAt > now)
            .OrderByDescending(a => a.Mandatory).ThenBy(a => a.Name, StringComparer.Ordinal),
    ];

    /// <summary>Mandatory versions in force that the person has not accepted: what stands between them and everything else.</summary>
    public async Task<IReadOnlyList<Agreement>> OpenAsync(Guid directory, Guid person, CancellationToken cancellation)
    {
        // Most directories have none, and every authorization asks.
        if (await statements.FirstAsync(AnyMandatory, cancellation, directory, time.GetUtcNow()) is null) return [];
        var mandatory = (await InForceAsync(directory, cancellation)).Where(a => a.Mandatory).ToList();
        if (mandatory.Count == 0) return [];
        var accepted = await AcceptedAsync(person, cancellation);
        return [.. mandatory.Where(a => !accepted.ContainsKey(a.Id))];
    }

    /// <summary>What the person has accepted and not taken back, by version.</summary>
    public async Task<IReadOnlyDictionary<Guid, Acceptance>> AcceptedAsync(Guid person, CancellationToken cancellation) =>
        await database.Acceptances.AsNoTracking().Where(a => a.UserId == person && a.WithdrawnAt == null).ToDictionaryAsync(a => a.AgreementId, cancellation);

    /// <summary>Stores that a person accepts these versions; what was accepted before keeps its time. Part of the caller's transaction where there is one.</summary>
    /// <param name="agreements">Versions in force of the person's directory.</param>
    public Task AcceptAsync(long account, Guid person, IEnumerable<Agreement> agreements, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return database.AloneAsync(
            $"acceptances/{person:N}",
            async token =>
            {
                foreach (var agreement in agreements)
                {
                    var before = await database.Acceptances.SingleOrDefaultAsync(a => a.UserId == person && a.AgreementId == agreement.Id, token);
                    if (before is { WithdrawnAt: null }) continue;
                    if (before is not null) database.Remove(before);
                    await database.SaveChangesAsync(token);
                    database.Acceptances.Add(new Acceptance
                    {
                        UserId = person,
                        AgreementId = agreement.Id,
                        Account = account,
                        TextHash = agreement.TextHash,
                        AcceptedAt = now,
                    });
                }

                return await database.SaveChangesAsync(token);
            },
            cancellation);
    }

    /// <summary>Takes an optional agreement back. False when it is none that the person has accepted.</summary>
    public Task<bool> WithdrawAsync(Guid person, Guid agreement, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return database.InTransactionAsync(
            async token => await database.Acceptances
                .Where(a => a.UserId == person && a.AgreementId == agreement && a.WithdrawnAt == null && database.Agreements.Any(g => g.Id == agreement && !g.Mandatory))
                .ExecuteUpdateAsync(a => a.SetProperty(x => x.WithdrawnAt, now), token) > 0,
            cancellation);
    }

    /// <summary>How many people have accepted each version and not taken it back.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> CountsAsync(Guid directory, CancellationToken cancellation) =>
        await database.Acceptances
            .Where(a => a.WithdrawnAt == null && database.Agreements.Any(g => g.Id == a.AgreementId && g.DirectoryId == directory))
            .GroupBy(a => a.AgreementId)
            .Select(g => new { g.Key, Count = g.LongCount() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellation);

    /// <summary>Everything that the person has ever accepted, with the version, newest first.</summary>
    public async Task<IReadOnlyList<(Acceptance Acceptance, Agreement Agreement)>> HistoryAsync(Guid person, CancellationToken cancellation)
    {
        var rows = await database.Acceptances.AsNoTracking()
            .Where(a => a.UserId == person)
            .Join(database.Agreements.AsNoTracking(), a => a.AgreementId, g => g.Id, (a, g) => new { Acceptance = a, Agreement = g })
            .OrderByDescending(r => r.Acceptance.AcceptedAt)
            .ToListAsync(cancellation);
        return [.. rows.Select(r => (r.Acceptance, r.Agreement))];
    }
}
