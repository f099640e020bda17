using System.Data.Common;

namespace Custodia.Kernel.Storage.Statements;

/// <summary>A row that is read from left to right, in the order in which the statement selects.</summary>
public sealed class Row
{
    private readonly DbDataReader _reader;
    private readonly Tables _tables;
    private int _next;

    internal Row(DbDataReader reader, Tables tables) => (_reader, _tables) = (reader, tables);

    /// <summary>The columns of an entity.</summary>
    public TEntity Entity<TEntity>()
        where TEntity : class => OptionalEntity<TEntity>() ?? throw new InvalidOperationException($"The row has no {typeof(TEntity).Name}.");

    /// <summary>The columns of an entity; null where an outer join found none.</summary>
    public TEntity? OptionalEntity<TEntity>()
        where TEntity : class
    {
        var shape = _tables.Shape<TEntity>();
        var first = _next;
        _next += shape.Columns.Count;
        return _reader.IsDBNull(first + shape.Key) ? null : shape.Read(_reader, first);
    }

    /// <summary>A condition, selected as <c>CASE WHEN … THEN 1 ELSE 0 END</c>: the databases differ in their truth values.</summary>
    public bool Flag() => _reader.GetInt32(_next++) != 0;
}
