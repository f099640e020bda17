using Custodia.Identity.Statistics;

namespace Custodia.Identity.Bulk;

/// <summary>
/// Figures of many people at once: counted in memory, then added to the rows in the transaction that stores the people. For bulk work
/// that would otherwise change the same few rows a million times (see <see cref="Increments"/>).
/// </summary>
internal sealed class FigureTotals(long account, Guid directory)
{
    private readonly Dictionary<int, (long SignIns, long Registrations, long Growth)> _days = [];
    private readonly Dictionary<int, long> _active = [];
    private readonly Dictionary<string, long> _countries = new(StringComparer.Ordinal);
    private long _users;

    public void Joined(DateTimeOffset at, string? country)
    {
        _users++;
        var day = Increments.Day(at);
        var (signIns, registrations, growth) = _days.GetValueOrDefault(day);
        _days[day] = (signIns, registrations + 1, growth + 1);
        _countries[country ?? ""] = _countries.GetValueOrDefault(country ?? "") + 1;
    }

    public void SignedIn(DateTimeOffset at)
    {
        var day = Increments.Day(at);
        var (signIns, registrations, growth) = _days.GetValueOrDefault(day);
        _days[day] = (signIns + 1, registrations, growth);
    }

    /// <summary>A person was active in a month; said once for each person and month.</summary>
    /// <param name="month">Year × 100 + month.</param>
    public void Active(int month) => _active[month] = _active.GetValueOrDefault(month) + 1;

    /// <summary>Adds everything to the rows and begins anew. Part of the caller's transaction.</summary>
    public async Task AddToAsync(IdentityContext database, CancellationToken cancellation)
    {
        var figures = await FindOrAddAsync(database, () => new DirectoryFigures { Account = account, DirectoryId = directory }, cancellation, account, directory);
        figures.Users += _users;
        foreach (var (day, counts) in _days)
        {
            var row = await FindOrAddAsync(database, () => new DailyFigures { Account = account, DirectoryId = directory, Day = day }, cancellation, account, directory, day);
            row.SignIns += counts.SignIns;
            row.Registrations += counts.Registrations;
            row.Growth += counts.Growth;
        }

        foreach (var (month, count) in _active)
        {
            var row = await FindOrAddAsync(database, () => new MonthlyFigures { Account = account, DirectoryId = directory, Month = month }, cancellation, account, directory, month);
            row.MonthlyActiveUsers += count;
        }

        foreach (var (country, count) in _countries)
        {
            var row = await FindOrAddAsync(database, () => new CountryFigures { Account = account, DirectoryId = directory, Country = country }, cancellation, account, directory, country);
            row.Users += count;
        }

        await database.SaveChangesAsync(cancellation);
        Clear();
    }

    private void Clear()
    {
        _users = 0;
        _days.Clear();
        _active.Clear();
        _countries.Clear();
    }

    private static async Task<T> FindOrAddAsync<T>(IdentityContext database, Func<T> make, CancellationToken cancellation, params object[] key)
        where T : class
    {
        if (await database.Set<T>().FindAsync(key, cancellation) is { } row) return row;
        var made = make();
        database.Add(made);
        return made;
    }
}
