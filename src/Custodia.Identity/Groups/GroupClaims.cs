using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Groups;

/// <summary>
/// The names of a person's groups for an application that may have them. A token carries all of them or none, so that nobody takes a
/// part for the whole: above <see cref="MaxInToken"/> names or <see cref="MaxBytesInToken"/> the claim is left out of tokens, and
/// userinfo tells.
/// </summary>
internal sealed class GroupClaims(IServiceScopeFactory scopes)
{
    public const int MaxInToken = 200;

    /// <summary>UTF-8 bytes of the names together; a token has to fit into a header.</summary>
    public const int MaxBytesInToken = 2048;

    /// <summary>As many names userinfo tells, the first by name.</summary>
    public const int MaxInUserinfo = 1000;

    /// <summary>Null when they are too many for a token.</summary>
    public async ValueTask<IReadOnlyList<string>?> ForTokenAsync(Guid user, CancellationToken cancellation)
    {
        var names = await NamesAsync(user, MaxInToken + 1, cancellation);
        return names.Count > MaxInToken || names.Sum(Encoding.UTF8.GetByteCount) > MaxBytesInToken ? null : names;
    }

    public async ValueTask<IReadOnlyList<string>> ForUserinfoAsync(Guid user, CancellationToken cancellation) =>
        await NamesAsync(user, MaxInUserinfo, cancellation);

    // A scope of its own, so that tokens without groups, which are most, open no database for it.
    private async Task<List<string>> NamesAsync(Guid user, int limit, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityContext>();
        return await database.Set<GroupMember>().AsNoTracking()
            .Where(m => m.UserId == user)
            .Join(database.Set<Group>(), m => m.GroupId, g => g.Id, (_, g) => new { g.NameKey, g.Name })
            .OrderBy(g => g.NameKey)
            .Select(g => g.Name)
            .Take(limit)
            .ToListAsync(cancellation);
    }
}
