using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Http;

/// <summary>
/// A request that names no host, as HTTP/1.0 allows, counts as sent to the public address; one that names what is no host is 400
/// (RFC 9112 section 3.2). Pages are made below the address of the request and could not be made below such a one.
/// </summary>
internal sealed class HostCheck(RequestDelegate next, IOptions<CustodiaOptions> options)
{
    private readonly HostString _public = HostString.FromUriComponent(new Uri(options.Value.PublicUrl));

    public Task InvokeAsync(HttpContext http)
    {
        // Not Request.Host, which throws where an international name stands for nothing.
        var host = http.Request.Headers.Host.ToString();
        if (string.IsNullOrWhiteSpace(host)) http.Request.Host = _public;
        else if (host != _public.Value && !IsHost(host)) return Problem.Of(StatusCodes.Status400BadRequest, "bad-request", "The host of the request is none.").ExecuteAsync(http);
        return next(http);
    }

    private static bool IsHost(string host)
    {
        try
        {
            return HostString.FromUriComponent(host).HasValue && Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var address) && address.AbsoluteUri.Length > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
