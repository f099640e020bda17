using System.Diagnostics.CodeAnalysis;

namespace Custodia.Console;

/// <summary>Decides whether an address that came with a request may be redirected to.</summary>
public static class LocalPath
{
    /// <summary>
    /// True for a path of this server: it starts with one slash, and browsers cannot read it as another origin
    /// (<c>//host</c>, <c>/\host</c>, control characters). At most 2,000 characters, ASCII only.
    /// </summary>
    /// <example><code>if (!LocalPath.IsLocal(form.Return)) return TypedResults.BadRequest();</code></example>
    public static bool IsLocal([NotNullWhen(true)] string? path) =>
        path is ['/', ..] and { Length: <= 2000 }
        && (path.Length == 1 || path[1] is not ('/' or '\\'))
        && !path.AsSpan().ContainsAnyExceptInRange('\x21', '\x7e')
        && !path.Contains('\\', StringComparison.Ordinal);
}
