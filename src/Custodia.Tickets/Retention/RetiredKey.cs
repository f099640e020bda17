using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Retention;

/// <summary>
/// A key to be destroyed because its row was deleted: written in the transaction that deletes the row, gone when the key is. So a crash
/// in between leaves neither a value without a need nor a key without a row.
/// </summary>
[Category("tickets.record")]
internal sealed class RetiredKey
{
    public Guid Id { get; init; }

    public long Account { get; init; }

    /// <summary>Kind of the record key.</summary>
    public required string KeyKind { get; init; }

    /// <summary>Policy category of what lay under it.</summary>
    public required string RetiredCategory { get; init; }

    /// <summary>The trigger that fired.</summary>
    public required string RetiredBy { get; init; }

    public DateTimeOffset RetiredAt { get; init; }

    public static void Configure(ModelBuilder model) =>
        model.Entity<RetiredKey>().HasIndex(k => new { k.RetiredCategory, k.RetiredBy });
}
