using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Storage;

/// <summary>Which services an account uses. Ending one starts the clocks of its categories (trigger <c>service-terminated</c>).</summary>
public sealed class AccountServices
{
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

    /// <summary>Accounts that have ended a service by a moment.</summary>
    public async Task<IReadOnlyList<long>> TerminatedAsync(string service, DateTimeOffset by, CancellationToken cancellation) =>
        await _database.Set<AccountService>()
            .Where(s => s.Service == service && s.TerminatedAt != null && s.TerminatedAt <= by)
            .Select(s => s.Account)
            .ToListAsync(cancellation);
}
