using System.Globalization;
using Custodia.Identity.Contracts;
using Custodia.Identity.Directories;
using Custodia.Identity.Passwords;
using Custodia.Identity.Statistics;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Bulk;

/// <summary>Made-up people, thousands in a transaction. Which country and when they sign in follows from their number, so that a seed can be repeated.</summary>
internal sealed class SeededPeople(IdentityContext database, UserProfiles profiles, UserPasswords passwords, PasswordHashes hashes, TimeProvider time)
{
    private const int Batch = 4000;
    private const int SealsAtOnce = 128;
    private const int Days = 30;

    private static readonly string?[] Countries = ["US", "CN", "DE", "IN", "BR", "GB", "FR", "JP", "KR", "ID", "NG", "MX", "PL", "ES", null];

    public async Task SeedAsync(SeedPlan plan, IProgress<long> progress, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var directory = await AddDirectoryAsync(plan.Directory, now, cancellation);
        var hash = plan.Password is null ? null : await hashes.HashAsync(PlainPassword.From(plan.Password)!, cancellation);
        var totals = new FigureTotals(directory.Account, directory.Id);
        for (long first = 0; first < plan.Users; first += Batch)
        {
            var users = new User[Math.Min(Batch, plan.Users - first)];
            for (var i = 0; i < users.Length; i++) users[i] = Person(directory, plan, first + i, now, totals);
            await Parallel.ForAsync(0, users.Length, Options(cancellation), (i, token) => SealAsync(users[i], plan.Directory, first + i + 1, hash, token));
            await database.InTransactionAsync(
                async token =>
                {
                    await database.InsertRowsAsync(users, token);
                    await database.InsertRowsAsync([.. users.SelectMany(u => u.NewNamePrefixes ?? [])], token);
                    await totals.AddToAsync(database, token);
                },
                cancellation);
            database.ChangeTracker.Clear();
            progress.Report(first + users.Length);
        }
    }

    private static ParallelOptions Options(CancellationToken cancellation) => new() { MaxDegreeOfParallelism = SealsAtOnce, CancellationToken = cancellation };

    private async Task<Directory> AddDirectoryAsync(string name, DateTimeOffset now, CancellationToken cancellation)
    {
        var account = await database.Accounts.AsNoTracking().OrderBy(a => a.CreatedAt).FirstOrDefaultAsync(cancellation)
            ?? throw new InvalidOperationException("There is no account yet: start the server once.");
        if (await database.Directories.AnyAsync(d => d.Name == name, cancellation))
            throw new InvalidOperationException($"There is a directory '{name}' already.");
        var directory = new Directory
        {
            Id = Guid.CreateVersion7(now),
            Account = account.Uin,
            Name = name,
            Kind = DirectoryKind.Customer,
            Title = name,
            TitleZh = name,
            SignUp = SignUpMode.Closed,
            CreatedAt = now.AddDays(-366),
        };
        database.Directories.Add(directory);
        await database.SaveChangesAsync(cancellation);
        database.ChangeTracker.Clear();
        return directory;
    }

    private static User Person(Directory directory, SeedPlan plan, long number, DateTimeOffset now, FigureTotals totals)
    {
        var joined = now.AddDays(-365).AddSeconds(365d * 86_400 * number / plan.Users);
        var country = Countries[(int)(Mix((ulong)number) % (ulong)Countries.Length)];
        totals.Joined(joined, country);
        var (last, month) = SignIn(plan, number, joined, now, totals);
        return new User
        {
            Id = Guid.CreateVersion7(joined),
            Account = directory.Account,
            DirectoryId = directory.Id,
            EmailVerified = true,
            SecurityStamp = SecurityStamp.New(),
            Country = country,
            CreatedAt = joined,
            UpdatedAt = joined,
            LastSignInAt = last,
            LastActiveMonth = month,
        };
    }

    /// <summary>The person's share of the sign-ins: their last one and the last month in which they were active.</summary>
    private static (DateTimeOffset? Last, int Month) SignIn(SeedPlan plan, long number, DateTimeOffset joined, DateTimeOffset now, FigureTotals totals)
    {
        var count = (plan.SignIns * (number + 1) / plan.Users) - (plan.SignIns * number / plan.Users);
        var from = joined > now.AddDays(-Days) ? joined : now.AddDays(-Days);
        var seconds = Math.Max(1, (ulong)(now - from).TotalSeconds);
        DateTimeOffset? last = null;
        var months = new HashSet<int>(2);
        for (long i = 0; i < count; i++)
        {
            var at = from.AddSeconds(Mix(((ulong)number << 20) + (ulong)i) % seconds);
            totals.SignedIn(at);
            if (months.Add(Increments.Month(at))) totals.Active(Increments.Month(at));
            if (last is null || at > last) last = at;
        }

        return (last, months.Count == 0 ? 0 : months.Max());
    }

    private async ValueTask SealAsync(User user, string directory, long number, string? hash, CancellationToken cancellation)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"p{number}");
        await profiles.WriteAsync(user, new Profile { UserName = name, Email = $"{name}@{directory}.example", DisplayName = $"Person {name}" }, cancellation);
        if (hash is not null) await passwords.SetHashAsync(user, hash, cancellation);
    }

    // SplitMix64: even enough, and the same each time.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
