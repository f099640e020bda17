using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Custodia.Kernel.Storage.Statements;

/// <summary>Names and shapes of a context's tables, from its model: no column is written down twice.</summary>
public sealed class Tables
{
    private static readonly ConditionalWeakTable<IModel, Tables> Known = [];

    private readonly IModel _model;
    private readonly ConcurrentDictionary<Type, object> _shapes = [];

    private Tables(IModel model) => _model = model;

    internal static Tables Of(IModel model) => Known.GetValue(model, static model => new Tables(model));

    /// <summary>The table of an entity.</summary>
    public string Of<TEntity>()
        where TEntity : class => Shape<TEntity>().Table;

    /// <summary>All columns of an entity, as <see cref="Row.Entity{TEntity}"/> reads them.</summary>
    /// <param name="alias">Name of the table in the statement.</param>
    public string Columns<TEntity>(string alias)
        where TEntity : class => string.Join(", ", Shape<TEntity>().Columns.Select(column => $"{alias}.{column}"));

    /// <summary>Inserts so many rows; the values of one follow those of the one before.</summary>
    internal string InsertOf<TEntity>(int rows = 1)
        where TEntity : class
    {
        var shape = Shape<TEntity>();
        var columns = shape.Columns.Count;
        var values = Enumerable.Range(0, rows).Select(row => $"({string.Join(", ", Enumerable.Range(row * columns, columns).Select(i => "@p" + i))})");
        return $"INSERT INTO {shape.Table} ({string.Join(", ", shape.Columns)}) VALUES {string.Join(", ", values)}";
    }

    internal EntityShape<TEntity> Shape<TEntity>()
        where TEntity : class =>
        (EntityShape<TEntity>)_shapes.GetOrAdd(
            typeof(TEntity),
            static (type, model) => new EntityShape<TEntity>(model.FindEntityType(type) ?? throw new InvalidOperationException($"{type.Name} is no entity of this context.")),
            _model);
}
