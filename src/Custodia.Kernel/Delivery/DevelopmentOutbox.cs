using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Delivery;

/// <summary>Reads stored messages in Development, where no provider carries them. Production never registers it.</summary>
public sealed class DevelopmentOutbox
{
    private const int Batch = 500;

    private readonly KernelContext _kernel;
    private readonly DataVault _vault;

    internal DevelopmentOutbox(KernelContext kernel, DataVault vault) => (_kernel, _vault) = (kernel, vault);

    /// <summary>The newest messages, newest first. Recipients are sealed, so a search opens one message after the other.</summary>
    /// <param name="to">Only those to this address or number (case-insensitive); null for all.</param>
    /// <param name="limit">1 to 500.</param>
    public async Task<IReadOnlyList<OutboxEntry>> NewestAsync(string? to, int limit, CancellationToken cancellation)
    {
        var found = new List<OutboxEntry>();
        var (before, last) = (DateTimeOffset.MaxValue, Guid.Empty);
        while (true)
        {
            var rows = await _kernel.OutgoingMessages.AsNoTracking()
                .Where(m => m.CreatedAt < before || (m.CreatedAt == before && m.Id.CompareTo(last) < 0))
                .OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id).Take(Batch).ToListAsync(cancellation);
            foreach (var row in rows)
            {
                if (await MessageCarrier.OpenAsync(_vault, row, cancellation) is not { } message) continue;
                if (!string.IsNullOrEmpty(to) && !message.Recipient.Equals(to, StringComparison.OrdinalIgnoreCase)) continue;
                found.Add(new OutboxEntry(row.Id, row.Channel, message.Recipient, message.Subject, message.Text, row.Origin, row.CreatedAt) { Html = message.Html });
                if (found.Count == limit) return found;
            }

            if (rows.Count < Batch) return found;
            (before, last) = (rows[^1].CreatedAt, rows[^1].Id);
        }
    }
}

/// <summary>A message as the Development outbox shows it.</summary>
public sealed record OutboxEntry(Guid Id, Channel Channel, string Recipient, string Subject, string Text, string Origin, DateTimeOffset CreatedAt)
{
    /// <summary>A mail's HTML document; null for text alone.</summary>
    public string? Html { get; init; }
}
