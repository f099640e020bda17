using System.Security.Cryptography;
using Custodia.Identity.Codes;
using Custodia.Identity.Contracts;
using Custodia.Identity.Directories;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignUp;
using Custodia.Identity.Tokens;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Bulk;

/// <summary>Records that the policy deletes at the next round of retention, thousands in a transaction.</summary>
internal sealed class SeededRemains(IdentityContext database, DataVault vault, TimeProvider time)
{
    private const int Batch = 4000;
    private const int SealsAtOnce = 128;

    private static readonly TimeSpan Old = TimeSpan.FromDays(100);

    private long _done;

    public async Task AddAsync(ExpiredPlan plan, IProgress<long> progress, CancellationToken cancellation)
    {
        var directory = await database.Directories.AsNoTracking().SingleAsync(d => d.Name == plan.Directory, cancellation);
        var people = await database.Users.AsNoTracking().Where(u => u.DirectoryId == directory.Id).OrderBy(u => u.Id).Select(u => u.Id).Take(1000).ToListAsync(cancellation);
        var then = time.GetUtcNow() - Old;
        database.ChangeTracker.AutoDetectChangesEnabled = false;
        Guid Person(long i) => people[(int)(i % people.Count)];
        await AddAsync(plan.Sessions, i => SessionAsync(directory, Person(i), then, cancellation), progress, cancellation);
        await AddAsync(plan.Codes, i => new ValueTask<object>(Code(directory, Person(i), then)), progress, cancellation);
        await AddAsync(plan.SignUps, _ => SignUpAsync(directory, then, cancellation), progress, cancellation);
        await AddAsync(plan.Grants, i => new ValueTask<object>(Grant(directory, Person(i), then)), progress, cancellation);
    }

    private async Task AddAsync(long count, Func<long, ValueTask<object>> make, IProgress<long> progress, CancellationToken cancellation)
    {
        for (long first = 0; first < count; first += Batch)
        {
            var rows = new object[Math.Min(Batch, count - first)];
            var options = new ParallelOptions { MaxDegreeOfParallelism = SealsAtOnce, CancellationToken = cancellation };
            await Parallel.ForAsync(0, rows.Length, options, async (i, _) => rows[i] = await make(first + i));
            foreach (var grant in rows.OfType<Grant>().ToList()) database.Add(Token(grant));
            await database.AddRangeAsync(rows, cancellation);
            await database.SaveChangesAsync(cancellation);
            database.ChangeTracker.Clear();
            progress.Report(_done += rows.Length);
        }
    }

    private async ValueTask<object> SessionAsync(Directory directory, Guid person, DateTimeOffset then, CancellationToken cancellation)
    {
        var session = new Session
        {
            Id = Guid.CreateVersion7(then),
            Account = directory.Account,
            DirectoryId = directory.Id,
            UserId = person,
            SecretHash = RandomNumberGenerator.GetBytes(32),
            SecurityStamp = "seeded",
            CreatedAt = then,
            LastSeenAt = then,
            AuthTime = then,
            Amr = Authentication.Password,
            Acr = Authentication.ContextClass(Authentication.Password),
            ExpiresAt = then + SessionLifetime.Absolute(directory.Kind),
        };
        session.Device = await vault.SealAsync(session.At("device"), "Firefox, Linux", cancellation);
        session.ClientIp = await vault.SealAsync(session.At("client-ip"), "203.0.113.7", cancellation);
        return session;
    }

    private static OneTimeCode Code(Directory directory, Guid person, DateTimeOffset then) => new()
    {
        Id = Guid.CreateVersion7(then),
        Account = directory.Account,
        DirectoryId = directory.Id,
        Purpose = CodePurpose.SignIn,
        UserId = person,
        CodeHash = RandomNumberGenerator.GetBytes(32),
        CreatedAt = then,
        ExpiresAt = then + OneTimeCodes.Lifetime,
    };

    private async ValueTask<object> SignUpAsync(Directory directory, DateTimeOffset then, CancellationToken cancellation)
    {
        var pending = new PendingSignUp { Id = Guid.CreateVersion7(then), Account = directory.Account, DirectoryId = directory.Id, CreatedAt = then };
        pending.Form = await vault.SealAsync(pending.FormPlace, "{}", cancellation);
        return pending;
    }

    private static Grant Grant(Directory directory, Guid person, DateTimeOffset then) => new()
    {
        Id = Guid.CreateVersion7(then),
        Account = directory.Account,
        DirectoryId = directory.Id,
        ApplicationId = directory.Id,
        UserId = person,
        SessionId = Guid.CreateVersion7(then),
        SecurityStamp = "seeded",
        Scopes = "openid offline_access",
        IdTokenClaims = "",
        UserinfoClaims = "",
        AuthTime = then,
        Amr = Authentication.Password,
        Acr = Authentication.ContextClass(Authentication.Password),
        CodeHash = RandomNumberGenerator.GetBytes(32),
        CodeExpiresAt = then.AddMinutes(1),
        CodeUsedAt = then,
        RedirectUri = "https://bench.example/callback",
        CodeChallenge = "",
        CreatedAt = then,
        ExpiresAt = then.AddDays(30),
    };

    private static RefreshToken Token(Grant grant) => new()
    {
        TokenHash = RandomNumberGenerator.GetBytes(32),
        Account = grant.Account,
        GrantId = grant.Id,
        CreatedAt = grant.CreatedAt,
        ExpiresAt = grant.ExpiresAt,
    };
}
