using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Custodia.Kernel.Backup;

/// <summary>
/// Seals the plain personal columns of a copied database under their owners' keys, and opens them again at restore. That is how
/// destroying a key deletes a person's plain fields from backups that were taken before.
/// </summary>
internal sealed class OwnedColumnSeal(DataVault vault, LoadedPolicy policy)
{
    private const string Marker = "custodia-sealed-1:";
    private const int Batch = 500;

    /// <returns>Values sealed.</returns>
    public Task<long> SealAsync(ModuleContext reader, ModuleContext writer, CancellationToken cancellation) => EachAsync(reader, writer, SealValueAsync, cancellation);

    /// <returns>Values opened; what belongs to a destroyed key becomes null, or empty where a value is demanded.</returns>
    public Task<long> OpenAsync(ModuleContext reader, ModuleContext writer, CancellationToken cancellation) => EachAsync(reader, writer, OpenValueAsync, cancellation);

    /// <summary>One connection reads a stable snapshot while the other writes behind it, in batches.</summary>
    private async Task<long> EachAsync(ModuleContext reader, ModuleContext writer, Func<IOwnedData, OwnedColumn, string, CancellationToken, Task<string?>> change, CancellationToken cancellation)
    {
        var changed = 0L;
        foreach (var table in OwnedColumns.Of(reader, policy))
        {
            var pending = 0;
            await foreach (var row in Rows(reader, table.Entity.ClrType).AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellation))
            {
                changed += await ChangeRowAsync(writer.Attach(row), table, change, cancellation);
                if (++pending % Batch != 0) continue;
                await writer.SaveChangesAsync(cancellation);
                writer.ChangeTracker.Clear();
            }

            await writer.SaveChangesAsync(cancellation);
            writer.ChangeTracker.Clear();
        }

        return changed;
    }

    private static IQueryable<object> Rows(ModuleContext context, Type type) =>
        (IQueryable<object>)typeof(DbContext).GetMethod(nameof(DbContext.Set), Type.EmptyTypes)!.MakeGenericMethod(type).Invoke(context, null)!;

    private static async Task<int> ChangeRowAsync(EntityEntry row, OwnedColumns table, Func<IOwnedData, OwnedColumn, string, CancellationToken, Task<string?>> change, CancellationToken cancellation)
    {
        var changed = 0;
        foreach (var column in table.Columns)
        {
            var property = row.Property(column.Property);
            var converter = property.Metadata.GetTypeMapping().Converter;
            var stored = converter is null ? property.CurrentValue : converter.ConvertToProvider(property.CurrentValue);
            if (stored is not string { Length: > 0 } value) continue;
            var result = await change((IOwnedData)row.Entity, column, value, cancellation) ?? (column.Nullable ? null : "");
            property.CurrentValue = converter is null ? result : converter.ConvertFromProvider(result);
            property.IsModified = true;
            changed++;
        }

        return changed;
    }

    private async Task<string?> SealValueAsync(IOwnedData row, OwnedColumn column, string value, CancellationToken cancellation)
    {
        try
        {
            var envelope = await vault.SealAsync(Place(row, column), value, cancellation);
            return Marker + Convert.ToBase64String(envelope.ToStored());
        }
        catch (KeyDestroyedException)
        {
            return null;
        }
    }

    private async Task<string?> OpenValueAsync(IOwnedData row, OwnedColumn column, string value, CancellationToken cancellation) =>
        value.StartsWith(Marker, StringComparison.Ordinal)
            ? await vault.OpenAsync(Place(row, column), new Sealed<string>(Convert.FromBase64String(value[Marker.Length..])), cancellation)
            : value;

    private static Place Place(IOwnedData row, OwnedColumn column) => new(row.OwnerKey, column.Category, column.Field, row.OwnedRow);
}
