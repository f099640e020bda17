using System.Globalization;
using System.Linq.Expressions;

namespace Custodia.Identity.Scim;

/// <summary>Turns filters into conditions of a query; what an attribute can be asked is said by <paramref name="compare"/>.</summary>
internal sealed class ScimPredicate<T>(Func<string, ScimFilter.Compare, Task<Expression<Func<T, bool>>>> compare)
{
    public async Task<Expression<Func<T, bool>>> OfAsync(ScimFilter filter, string prefix = "") => filter switch
    {
        ScimFilter.And and => Join(Expression.AndAlso, await OfAsync(and.Left, prefix), await OfAsync(and.Right, prefix)),
        ScimFilter.Or or => Join(Expression.OrElse, await OfAsync(or.Left, prefix), await OfAsync(or.Right, prefix)),
        ScimFilter.Not not => Negate(await OfAsync(not.Inner, prefix)),
        ScimFilter.ValuePath path when prefix.Length == 0 => await OfAsync(path.Inner, path.Path + "."),
        ScimFilter.Compare one => await compare(prefix + one.Path, one),
        _ => throw ScimFault.InvalidFilter("Brackets inside brackets are not known."),
    };

    public static Expression<Func<T, bool>> Always(bool value) => _ => value;

    /// <summary>A moment compared with another.</summary>
    public static Expression<Func<T, bool>> Moment(Expression<Func<T, DateTimeOffset>> of, ScimFilter.Compare one)
    {
        if (one.Operator == "pr") return Always(true);
        if (!DateTimeOffset.TryParse(one.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)) throw ScimFault.InvalidFilter("A time as in RFC 3339 is expected.");
        var value = Expression.Constant(moment);
        Expression body = one.Operator switch
        {
            "eq" => Expression.Equal(of.Body, value),
            "ne" => Expression.NotEqual(of.Body, value),
            "gt" => Expression.GreaterThan(of.Body, value),
            "ge" => Expression.GreaterThanOrEqual(of.Body, value),
            "lt" => Expression.LessThan(of.Body, value),
            "le" => Expression.LessThanOrEqual(of.Body, value),
            _ => throw ScimFault.InvalidFilter($"A time cannot be asked '{one.Operator}'."),
        };
        return Expression.Lambda<Func<T, bool>>(body, of.Parameters);
    }

    public static Expression<Func<T, bool>> Negate(Expression<Func<T, bool>> inner) =>
        Expression.Lambda<Func<T, bool>>(Expression.Not(inner.Body), inner.Parameters);

    private static Expression<Func<T, bool>> Join(Func<Expression, Expression, Expression> how, Expression<Func<T, bool>> left, Expression<Func<T, bool>> right) =>
        Expression.Lambda<Func<T, bool>>(how(left.Body, new Swap(right.Parameters[0], left.Parameters[0]).Visit(right.Body)), left.Parameters);

    private sealed class Swap(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}
