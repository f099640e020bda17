using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Custodia.Kernel.Storage.Statements;

/// <summary>Names and shapes of a context's tables, from its model: no column is written down twice.</summary>
public sealed class Tables
{
    private readonly IModel _model;
    private readonly ConcurrentDictionary<Type, object> _shapes = [];

    internal Tables(IModel model) => _model = model;

    /// <summary>The table of an entity.</summary>
    public string Of<TEntity>()
        where TEntity : class => Shape<TEntity>().Table;

    /// <summary>All columns of an entity, as <see cref="Row.Entity{TEntity}"/> reads them.</summary>
    /// <param name="alias">Name of the table in the statement.</param>
    public string Columns<TEntity>(string alias)
        where TEntity : class => string.Join(", ", Shape<TEntity>().Columns.Select(column => $"{alias}.{column}"));

    internal string InsertOf<TEntity>()
        where TEntity : class
    {
        var shape = Shape<TEntity>();
        return $"INSERT INTO {shape.Table} ({string.Join(", ", shape.Columns)}) VALUES ({string.Join(", ", shape.Columns.Select((_, i) => "@p" + i))})";
    }

    internal EntityShape<TEntity> Shape<TEntity>()
        where TEntity : class =>
        (EntityShape<TEntity>)_shapes.GetOrAdd(
            typeof(TEntity),
            static (type, model) => new EntityShape<TEntity>(model.FindEntityType(type) ?? throw new InvalidOperationException($"{type.Name} is no entity of this context.")),
            _model);
}
