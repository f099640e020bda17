using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Custodia.Kernel.Storage.Statements;

/// <summary>Between an entity and its row: reads one from columns in order, and takes one apart into values to be stored.</summary>
internal sealed class EntityShape<TEntity>
    where TEntity : class
{
    private readonly (Func<object, object?> Get, Func<object?, object?>? Convert)[] _values;

    public EntityShape(IEntityType entity)
    {
        var properties = entity.GetProperties().ToArray();
        Table = entity.GetTableName()!;
        Columns = [.. properties.Select(p => p.GetColumnName())];
        Key = Array.FindIndex(properties, p => p.IsPrimaryKey());
        _values = [.. properties.Select(p => (Getter(p), Converter(p)?.ConvertToProvider))];
        Read = Reader(properties);
    }

    public string Table { get; }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>Place of a column that is never null; where it is, an outer join found no row.</summary>
    public int Key { get; }

    /// <summary>Reads an entity whose first column is at the given place.</summary>
    public Func<DbDataReader, int, TEntity> Read { get; }

    public object?[] Values(TEntity entity)
    {
        var values = new object?[_values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (get, convert) = _values[i];
            var value = get(entity);
            values[i] = value is null || convert is null ? value : convert(value);
        }

        return values;
    }

    private static Func<object, object?> Getter(IProperty property)
    {
        var getter = property.GetGetter();
        return entity => getter.GetClrValue(entity);
    }

    private static ValueConverter? Converter(IProperty property) => property.GetTypeMapping().Converter;

    private static Func<DbDataReader, int, TEntity> Reader(IProperty[] properties)
    {
        var reader = Expression.Parameter(typeof(DbDataReader), "reader");
        var first = Expression.Parameter(typeof(int), "first");
        var members = properties.Select((property, i) => Expression.Bind(property.PropertyInfo!, Value(property, reader, Expression.Add(first, Expression.Constant(i)))));
        return Expression.Lambda<Func<DbDataReader, int, TEntity>>(Expression.MemberInit(Expression.New(typeof(TEntity)), members), reader, first).Compile();
    }

    private static Expression Value(IProperty property, ParameterExpression reader, Expression ordinal)
    {
        var converter = Converter(property);
        var plain = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        Expression value = Expression.Call(reader, ReadMethod(converter?.ProviderClrType ?? plain), ordinal);
        if (converter is not null) value = Expression.Invoke(converter.ConvertFromProviderExpression, value);
        if (value.Type != property.ClrType) value = Expression.Convert(value, property.ClrType);
        return property.IsNullable
            ? Expression.Condition(Expression.Call(reader, nameof(DbDataReader.IsDBNull), null, ordinal), Expression.Default(property.ClrType), value)
            : value;
    }

    private static MethodInfo ReadMethod(Type stored) => typeof(DbDataReader).GetMethod(nameof(DbDataReader.GetFieldValue))!.MakeGenericMethod(stored);
}
