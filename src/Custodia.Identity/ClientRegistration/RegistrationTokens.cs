using Custodia.Identity.Protocol;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.ClientRegistration;

/// <summary>Initial access tokens of directories: made and taken back by staff, used up by applications.</summary>
internal sealed class RegistrationTokens(IdentityContext context, TimeProvider time)
{
    public const int DefaultHours = 24;
    public const int MaxHours = 2160;
    public const int MaxUses = 1000;

    public static IEnumerable<(string Field, string Rule)> Check(NewRegistrationToken wanted)
    {
        if (!ShownText.IsLine(wanted.Name, RegistrationToken.MaxName)) yield return ("name", ShownText.RuleOf(RegistrationToken.MaxName));
        if (wanted.ExpiresInHours is < 1 or > MaxHours) yield return ("expiresInHours", $"1 to {MaxHours}");
        if (wanted.MaxUses is < 1 or > MaxUses) yield return ("maxUses", $"1 to {MaxUses}");
    }

    /// <summary>Stores a checked token; its text is seen here and never again.</summary>
    public async Task<(RegistrationToken Token, string Text)> AddAsync(
        Directories.Directory directory, NewRegistrationToken wanted, long createdBy, CancellationToken cancellation)
    {
        var (text, hash) = OpaqueToken.Create();
        var now = time.GetUtcNow();
        var token = new RegistrationToken
        {
            Id = Guid.CreateVersion7(now),
            Account = directory.Account,
            DirectoryId = directory.Id,
            Name = wanted.Name!.Trim(),
            TokenHash = hash,
            MaxUses = wanted.MaxUses ?? 1,
            CreatedBy = createdBy,
            CreatedAt = now,
            ExpiresAt = now.AddHours(wanted.ExpiresInHours ?? DefaultHours),
        };
        context.RegistrationTokens.Add(token);
        await context.SaveChangesAsync(cancellation);
        return (token, text);
    }

    /// <summary>Newest first, also used up ones until their day.</summary>
    public async Task<(IReadOnlyList<RegistrationToken> Items, Guid? Next)> ListAsync(Guid directory, Guid? before, int limit, CancellationToken cancellation)
    {
        var found = await context.RegistrationTokens.AsNoTracking()
            .Where(t => t.DirectoryId == directory && (before == null || t.Id.CompareTo(before.Value) < 0))
            .OrderByDescending(t => t.Id)
            .Take(limit + 1)
            .ToListAsync(cancellation);
        return ([.. found.Take(limit)], found.Count > limit ? found[limit - 1].Id : null);
    }

    /// <summary>False when the directory has no such token.</summary>
    public async Task<bool> RemoveAsync(Guid directory, Guid id, CancellationToken cancellation) =>
        await context.InTransactionAsync(
            token => context.RegistrationTokens.Where(t => t.Id == id && t.DirectoryId == directory).ExecuteDeleteAsync(token), cancellation) == 1;

    /// <summary>The token with this text, if it may still be used in this directory.</summary>
    public async Task<RegistrationToken?> FindAsync(Issuer issuer, string text, CancellationToken cancellation)
    {
        if (!OpaqueToken.Looks(text)) return null;
        var hash = OpaqueToken.Hash(text);
        return await Usable().AsNoTracking().SingleOrDefaultAsync(t => t.TokenHash == hash && t.DirectoryId == issuer.DirectoryId, cancellation);
    }

    /// <summary>Takes one use, inside the caller's transaction: of any number of parallel tries as many as are left.</summary>
    public async Task<bool> TakeAsync(RegistrationToken token, CancellationToken cancellation) =>
        await Usable().Where(t => t.Id == token.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.Uses, t => t.Uses + 1), cancellation) == 1;

    private IQueryable<RegistrationToken> Usable()
    {
        var now = time.GetUtcNow();
        return context.RegistrationTokens.Where(t => t.Uses < t.MaxUses && t.ExpiresAt > now);
    }
}

/// <param name="Name">1 to 100 characters: what it is for.</param>
/// <param name="ExpiresInHours">1 to 2,160; default 24.</param>
/// <param name="MaxUses">How many applications may be registered with it: 1 to 1,000; default 1.</param>
internal sealed record NewRegistrationToken(string? Name, int? ExpiresInHours = null, int? MaxUses = null);
