using Microsoft.AspNetCore.Http;

namespace Custodia.Console;

/// <summary>
/// Answers a form post: 303 to a page of this server (RFC 9110, section 15.4.4), so that reloading does not post again.
/// </summary>
/// <param name="path">A path of this server; anything else throws, see <see cref="LocalPath.IsLocal"/>.</param>
/// <example><code>return new SeeOther("/console/users?note=saved");</code></example>
public sealed class SeeOther(string path) : IResult, IStatusCodeHttpResult
{
    /// <summary>Where the browser goes next.</summary>
    public string Path { get; } =
        LocalPath.IsLocal(path) ? path : throw new ArgumentException("Not a path of this server.", nameof(path));

    /// <summary>Always 303.</summary>
    public int? StatusCode => StatusCodes.Status303SeeOther;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = Path;
        return Task.CompletedTask;
    }
}
