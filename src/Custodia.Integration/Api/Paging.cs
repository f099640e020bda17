using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Integration.Api;

/// <summary>One page of a list, newest first; the cursor is the last row's id, and ids grow with time.</summary>
internal readonly record struct Paging(Guid? Before, int Limit)
{
    public const int Most = 100;

    public static bool TryRead(string? cursor, int limit, out Paging paging, out IResult? problem)
    {
        paging = default;
        problem = null;
        var before = Guid.Empty;
        if (cursor is not null && !Guid.TryParseExact(cursor, "N", out before)) problem = Problem.Invalid(("cursor", "is not a cursor of this list"));
        else if (limit is < 1 or > Most) problem = Problem.Invalid(("limit", $"must be 1 to {Most}"));
        else paging = new Paging(cursor is null ? null : before, limit);
        return problem is null;
    }

    /// <param name="rows">One more than the page has, where there are more.</param>
    public ListAnswer<T> Page<T>(List<T> rows, Func<T, Guid> id)
    {
        if (rows.Count <= Limit) return new ListAnswer<T>(rows, null);
        rows.RemoveRange(Limit, rows.Count - Limit);
        return new ListAnswer<T>(rows, id(rows[^1]).ToString("N"));
    }
}
