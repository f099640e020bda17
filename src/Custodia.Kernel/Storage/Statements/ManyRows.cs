using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Custodia.Kernel.Storage.Statements;

/// <summary>Inserts many rows of one kind past the change tracker, a statement for many at a time.</summary>
internal static class ManyRows
{
    // Enough that the way to the database counts for little; SQLite looks a parameter up by walking through all names.
    private const int ValuesAtOnce = 120;

    public static async Task InsertAsync<TEntity>(ModuleContext context, IReadOnlyList<TEntity> rows, CancellationToken cancellation)
        where TEntity : class
    {
        var tables = Tables.Of(context.Model);
        var shape = tables.Shape<TEntity>();
        var atOnce = Math.Max(1, ValuesAtOnce / shape.Columns.Count);
        DbCommand? command = null;
        try
        {
            for (var first = 0; first < rows.Count; first += atOnce)
            {
                var count = Math.Min(atOnce, rows.Count - first);
                if (command is null || count < atOnce)
                {
                    if (command is not null) await command.DisposeAsync();
                    command = context.Database.GetDbConnection().CreateCommand();
                    command.CommandText = tables.InsertOf<TEntity>(count);
                    command.Transaction = context.Database.CurrentTransaction!.GetDbTransaction();
                }

                Binding.Bind(command, [.. Enumerable.Range(first, count).SelectMany(i => shape.Values(rows[i]))]);
                await command.ExecuteNonQueryAsync(cancellation);
            }
        }
        finally
        {
            if (command is not null) await command.DisposeAsync();
        }
    }
}
