using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Storage;

/// <summary>Which services an account uses. Ending one starts the clocks of its categories (trigger <c>service-terminated</c>).</summary>
public sealed class AccountServices
{
    public const string Identity = "identity";
    public const string Integration = "integration";
    public const string Tickets = "tickets";

    /// <summary>Services that an account can open and end.</summary>
    public static readonly IReadOnlyList<string> Names = [Identity, Integration, Tickets];

    private readonly KernelContext _database;
    private readonly TimeProvider _time;

    internal AccountServices(KernelContext database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>Opens a service for an account; nothing changes when it is open already.</summary>
    public Task OpenAsync(long account, string service, CancellationToken cancellation) =>
        _database.InTransactionAsync(
            async token =>
            {
                if (await _database.Set<AccountService>().AnyAsync(s => s.Account == account && s.Service == service, token)) return;
                _database.Add(new AccountService { Account = account, Service = service, OpenedAt = _time.GetUtcNow() });
                await _database.SaveChangesAsync(token);
            },
            cancellation);

    /// <summary>Ends a service of an account. False when it is not open.</summary>
    public Task<bool> TerminateAsync(long account, string service, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        return _database.InTransactionAsync(
            async token => await _database.Set<AccountService>()
                .Where(s => s.Account == account && s.Service == service && s.TerminatedAt == null)
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.TerminatedAt, now), token) > 0,
            cancellation);
    }

    /// <summary>Whether an account uses a service now. What it has ended, or never opened, takes nothing new.</summary>
    public Task<bool> IsOpenAsync(long account, string service, CancellationToken cancellation) =>
        _database.Services.AnyAsync(s => s.Account == account && s.Service == service && s.TerminatedAt == null, cancellation);

    /// <summary>The account's services, by name.</summary>
    public async Task<IReadOnlyList<ServiceTerm>> OfAsync(long account, CancellationToken cancellation) =>
        await _database.Services.AsNoTracking()
            .Where(s => s.Account == account)
            .OrderBy(s => s.Service)
            .Select(s => new ServiceTerm(s.Service, s.OpenedAt, s.TerminatedAt))
            .ToListAsync(cancellation);

    /// <summary>Accounts that have ended a service by a moment; for <c>kernel</c>, those that have ended all they had.</summary>
    public async Task<IReadOnlyList<long>> TerminatedAsync(string service, DateTimeOffset by, CancellationToken cancellation)
    {
        if (service != KernelContext.ModuleName)
            return await _database.Services.Where(s => s.Service == service && s.TerminatedAt <= by).Select(s => s.Account).ToListAsync(cancellation);
        return await _database.Services
            .GroupBy(s => s.Account)
            .Where(g => g.All(s => s.TerminatedAt != null && s.TerminatedAt <= by))
            .Select(g => g.Key)
            .ToListAsync(cancellation);
    }
}

/// <param name="TerminatedAt">Null while it is in use.</param>
public sealed record ServiceTerm(string Service, DateTimeOffset OpenedAt, DateTimeOffset? TerminatedAt);
