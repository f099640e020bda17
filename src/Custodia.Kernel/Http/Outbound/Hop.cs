using System.Net;

namespace Custodia.Kernel.Http.Outbound;

/// <summary>One request of a chain of redirects (RFC 9110, section 15.4).</summary>
internal sealed record Hop(HttpMethod Method, Uri? Address, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[]? Body, IReadOnlyList<KeyValuePair<string, string>> BodyHeaders)
{
    /// <summary>What another host may see. Everything else may be a credential, whatever its name.</summary>
    private static readonly string[] Harmless = ["Accept", "Accept-Language", "User-Agent"];

    public static async Task<Hop> OfAsync(HttpRequestMessage request, int maxBytes, CancellationToken cancellation)
    {
        byte[]? body = null;
        if (request.Content is { } content)
        {
            await content.LoadIntoBufferAsync(maxBytes, cancellation);
            body = await content.ReadAsByteArrayAsync(cancellation);
        }

        return new Hop(request.Method, request.RequestUri, Flat(request.Headers), body, request.Content is null ? [] : Flat(request.Content.Headers));
    }

    public static bool IsRedirect(HttpResponseMessage response, out Uri target)
    {
        target = response.Headers.Location!;
        return target is not null
            && response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
    }

    public HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(Method, Address);
        foreach (var (name, value) in Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (Body is null) return request;
        request.Content = new ByteArrayContent(Body);
        foreach (var (name, value) in BodyHeaders)
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)) request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public Hop To(Uri target, HttpStatusCode status)
    {
        var next = new Uri(Address!, target);
        var becomesGet = status == HttpStatusCode.SeeOther
            ? Method != HttpMethod.Head
            : status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found && Method == HttpMethod.Post;
        var sameOrigin = Uri.Compare(Address, next, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
        var headers = sameOrigin ? Headers : [.. Headers.Where(h => Harmless.Contains(h.Key, StringComparer.OrdinalIgnoreCase))];
        return becomesGet
            ? new Hop(HttpMethod.Get, next, headers, null, [])
            : this with { Address = next, Headers = headers };
    }

    private static KeyValuePair<string, string>[] Flat(System.Net.Http.Headers.HttpHeaders headers) =>
        [.. headers.Select(h => new KeyValuePair<string, string>(h.Key, string.Join(h.Key == "User-Agent" ? " " : ", ", h.Value)))];
}
