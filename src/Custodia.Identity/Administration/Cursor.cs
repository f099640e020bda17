using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Administration;

/// <summary>Where a list goes on: after the last identifier of the page before.</summary>
internal static class Cursor
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>Null when both are good; then <paramref name="before"/> is set for a page that is not the first.</summary>
    public static IResult? Read(string? cursor, int? limit, out Guid? before)
    {
        before = null;
        List<(string, string)> findings = [];
        if (cursor is not null)
        {
            if (Guid.TryParseExact(cursor, "N", out var id)) before = id;
            else findings.Add(("cursor", "a cursor of an earlier answer"));
        }

        if (limit is < 1 or > MaxLimit) findings.Add(("limit", $"1 to {MaxLimit}"));
        return findings.Count == 0 ? null : Problem.Invalid([.. findings]);
    }

    /// <summary>The cursor behind a page of which one row more than wanted was read.</summary>
    public static (List<T> Page, string? Next) Cut<T>(List<T> rows, int limit, Func<T, Guid> id)
    {
        if (rows.Count <= limit) return (rows, null);
        rows.RemoveRange(limit, rows.Count - limit);
        return (rows, id(rows[^1]).ToString("N"));
    }
}
