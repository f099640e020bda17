using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Delivery;

/// <summary>Reads stored messages in Development, where no provider carries them. Production never registers it.</summary>
public sealed class DevelopmentOutbox
{
    private const int Looked = 500;

    private readonly KernelContext _kernel;
    private readonly DataVault _vault;

    internal DevelopmentOutbox(KernelContext kernel, DataVault vault) => (_kernel, _vault) = (kernel, vault);

    /// <summary>The newest messages, newest first.</summary>
    /// <param name="to">Only those to this address or number (case-insensitive); null for all.</param>
    /// <param name="limit">1 to 500.</param>
    public async Task<IReadOnlyList<OutboxEntry>> NewestAsync(string? to, int limit, CancellationToken cancellation)
    {
        var rows = await _kernel.OutgoingMessages.AsNoTracking().OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id).Take(Looked).ToListAsync(cancellation);
        var found = new List<OutboxEntry>();
        foreach (var row in rows)
        {
            if (found.Count == limit) break;
            if (await MessageCarrier.OpenAsync(_vault, row, cancellation) is not { } message) continue;
            if (!string.IsNullOrEmpty(to) && !message.Recipient.Equals(to, StringComparison.OrdinalIgnoreCase)) continue;
            found.Add(new OutboxEntry(row.Id, row.Channel, message.Recipient, message.Subject, message.Text, row.Origin, row.CreatedAt));
        }

        return found;
    }
}

/// <summary>A message as the Development outbox shows it.</summary>
public sealed record OutboxEntry(Guid Id, Channel Channel, string Recipient, string Subject, string Text, string Origin, DateTimeOffset CreatedAt);
