using Custodia.Identity.Bulk;

namespace Custodia.Identity.Contracts;

/// <summary>
/// Fills a directory of its own with made-up people, for measurements. Everything is sealed, indexed and counted as if the people had
/// come one by one; what is left out are the records of the logs.
/// </summary>
public sealed class PeopleSeeding
{
    private readonly SeededPeople _people;
    private readonly SeededRemains _remains;

    internal PeopleSeeding(SeededPeople people, SeededRemains remains)
    {
        _people = people;
        _remains = remains;
    }

    /// <summary>Creates the directory with its people and their sign-ins. User names are <c>p1</c> to <c>pN</c>, addresses <c>pN@NAME.example</c>.</summary>
    /// <param name="progress">Told how many people there are so far.</param>
    /// <exception cref="InvalidOperationException">There is no account yet, or the server has a directory of this name.</exception>
    public Task SeedAsync(SeedPlan plan, IProgress<long> progress, CancellationToken cancellation) => _people.SeedAsync(plan, progress, cancellation);

    /// <summary>Adds records of the seeded people that the policy deletes at the next round of retention.</summary>
    /// <param name="progress">Told how many records there are so far.</param>
    public Task AddExpiredAsync(ExpiredPlan plan, IProgress<long> progress, CancellationToken cancellation) => _remains.AddAsync(plan, progress, cancellation);
}

/// <param name="Directory">Name of a directory to be created: <c>[a-z0-9-]{2,40}</c>.</param>
/// <param name="Users">They join evenly over the last year.</param>
/// <param name="SignIns">They lie in the last 30 days, for each person after they joined.</param>
/// <param name="Password">Of everybody; null for people who sign in by mailed codes.</param>
public sealed record SeedPlan(string Directory, long Users, long SignIns, string? Password = null);

/// <param name="Directory">A directory that was seeded before.</param>
/// <param name="Sessions">Sessions that are older than the policy keeps them.</param>
/// <param name="Codes">One-time codes of yesterday.</param>
/// <param name="SignUps">Sign-ups that nobody finished, each with a key of its own.</param>
/// <param name="Grants">Grants that have expired, each with a refresh token.</param>
public sealed record ExpiredPlan(string Directory, long Sessions, long Codes, long SignUps, long Grants);
