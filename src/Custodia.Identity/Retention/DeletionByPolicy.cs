using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Retention;

/// <summary>Deletion requests that the policy opens, for any number of people.</summary>
internal static class DeletionByPolicy
{
    private const int Batch = 500;

    /// <summary>Opens a request for each of the users who has none standing. The number of new ones.</summary>
    public static async Task<int> OpenAsync(this DeletionRequests requests, IQueryable<User> users, int graceDays, CancellationToken cancellation)
    {
        var opened = 0;
        var last = Guid.Empty;
        while (true)
        {
            var people = await users.Where(u => u.Id.CompareTo(last) > 0)
                .OrderBy(u => u.Id)
                .Take(Batch)
                .Select(u => new Subject(u.Account, u.Id))
                .ToListAsync(cancellation);
            if (people.Count == 0) return opened;
            opened += await requests.OpenAsync(people, "policy", graceDays, cancellation);
            last = people[^1].Person;
        }
    }
}
