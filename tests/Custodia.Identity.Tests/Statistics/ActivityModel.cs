namespace Custodia.Identity.Tests.Statistics;

/// <summary>What has happened, as a list; every figure is counted from it from scratch.</summary>
internal sealed class ActivityModel
{
    public sealed class Person
    {
        public required Guid Id { get; init; }

        public required string Directory { get; init; }

        public required DateTimeOffset Joined { get; init; }

        public string Country { get; init; } = "";

        public bool Registered { get; init; }

        /// <summary>Null for people who have no password.</summary>
        public string? UserName { get; init; }

        public List<DateTimeOffset> SignIns { get; } = [];

        public DateTimeOffset? Left { get; set; }
    }

    public List<Person> People { get; } = [];

    public List<(string Directory, Guid Id)> Applications { get; } = [];

    public List<string> Mails { get; } = [];

    public List<string> Texts { get; } = [];

    public Dictionary<string, int?> Limits { get; } = new(StringComparer.Ordinal);

    /// <param name="directories">The scope: one directory, or all of the account.</param>
    public Expected Recount(IReadOnlyCollection<string> directories, DateTimeOffset now)
    {
        var today = DayOf(now);
        var all = People.Where(p => directories.Contains(p.Directory)).ToList();
        var here = all.Where(p => p.Left is null).ToList();
        var signIns = all.SelectMany(p => p.SignIns).ToList();
        long active = all.Count(p => p.SignIns.Exists(at => (at.Year, at.Month) == (now.Year, now.Month)));
        long? limit = directories.Any(d => Limits.GetValueOrDefault(d) is null) ? null : directories.Sum(d => (long)Limits[d]!);
        return new Expected
        {
            Users = here.Count,
            Applications = Applications.Count(a => directories.Contains(a.Directory)),
            SignIns7Days = signIns.Count(at => DayOf(at) > today.AddDays(-7)),
            Registrations7Days = all.Count(p => p.Registered && DayOf(p.Joined) > today.AddDays(-7)),
            SmsUsed = Texts.Count(directories.Contains),
            MailsUsed = Mails.Count(directories.Contains),
            Growth = [.. new[] { 1, 7, 30 }.Select(days => Growth(all, today, days))],
            Distribution = here.GroupBy(p => p.Country).ToDictionary(g => g.Key, g => (long)g.Count()),
            SignedIn = [.. here.Where(p => p.SignIns.Count > 0).OrderByDescending(p => p.SignIns[^1]).Take(5).Select(p => p.Id)],
            RegisteredLast = [.. here.OrderByDescending(p => p.Joined).Take(5).Select(p => p.Joined)],
            Active = active,
            Limit = limit,
            Status = limit is null || active < 0.9m * limit ? "normal" : active <= limit ? "nearLimit" : "over",
            Days = [.. Enumerable.Range(0, 30).Select(i => today.AddDays(i - 29)).Select(day => (
                (long)signIns.Count(at => DayOf(at) == day),
                (long)all.Count(p => p.Registered && DayOf(p.Joined) == day),
                GrowthOn(all, day)))],
        };
    }

    private static long Growth(List<Person> all, DateOnly today, int days) => Enumerable.Range(1, days).Sum(back => GrowthOn(all, today.AddDays(-back)));

    private static long GrowthOn(List<Person> all, DateOnly day) =>
        all.Count(p => DayOf(p.Joined) == day) - all.Count(p => p.Left is { } left && DayOf(left) == day);

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}

/// <summary>Every figure, recounted.</summary>
internal sealed record Expected
{
    public long Users { get; init; }

    public long Applications { get; init; }

    public long SignIns7Days { get; init; }

    public long Registrations7Days { get; init; }

    public long SmsUsed { get; init; }

    public long MailsUsed { get; init; }

    /// <summary>Yesterday, 7 days, 30 days.</summary>
    public IReadOnlyList<long> Growth { get; init; } = [];

    public IReadOnlyDictionary<string, long> Distribution { get; init; } = new Dictionary<string, long>();

    public IReadOnlyList<Guid> SignedIn { get; init; } = [];

    /// <summary>When they joined: people of the first start joined at one moment, and any of them will do.</summary>
    public IReadOnlyList<DateTimeOffset> RegisteredLast { get; init; } = [];

    public long Active { get; init; }

    public long? Limit { get; init; }

    public string Status { get; init; } = "";

    public IReadOnlyList<(long SignIns, long Registrations, long Growth)> Days { get; init; } = [];
}
