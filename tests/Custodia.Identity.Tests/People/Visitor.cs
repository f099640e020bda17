using System.Net;
using System.Text.RegularExpressions;
using Custodia.Testing;

namespace Custodia.Identity.Tests.People;

/// <summary>A browser that keeps cookies and stops at every answer, so that a test sees each one.</summary>
public sealed partial class Visitor(CustodiaServer server)
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);
    private readonly HttpClient _client = server.Client();

    public HttpStatusCode Status { get; private set; }

    public string Html { get; private set; } = "";

    public string? Location { get; private set; }

    public IReadOnlyList<string> SetCookies { get; private set; } = [];

    public string? RetryAfter { get; private set; }

    /// <summary>The address from which the person comes, as a proxy says it; believed by a server that trusts 127.0.0.1.</summary>
    public string? From { get; set; }

    /// <summary>Drops a cookie.</summary>
    public void Forget(string name) => _cookies.Remove(name);

    /// <summary>What the browser sends as Accept-Language.</summary>
    public string Languages { get; set; } = "en";

    public string? Cookie(string name) => _cookies.GetValueOrDefault(name);

    /// <summary>A second window of the same browser.</summary>
    public Visitor Copy()
    {
        var copy = new Visitor(server) { Html = Html, From = From };
        foreach (var (name, value) in _cookies) copy._cookies[name] = value;
        return copy;
    }

    /// <summary>What another window of the same browser has done since counts here too; the page stays.</summary>
    public void Follow(Visitor window)
    {
        _cookies.Clear();
        foreach (var (name, value) in window._cookies) _cookies[name] = value;
    }

    public Task<Visitor> OpenAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Posts a form with the antiforgery token of the page that is open.</summary>
    public Task<Visitor> PostAsync(string address, params (string Name, string Value)[] fields)
    {
        var all = fields.Append(("form-token", Hidden("form-token"))).Select(f => new KeyValuePair<string, string>(f.Item1, f.Item2));
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(all) });
    }

    /// <summary>The value of a hidden field of the page that is open.</summary>
    public string Hidden(string name)
    {
        var match = Regex.Match(Html, $"<input type=\"hidden\" name=\"{Regex.Escape(name)}\" value=\"([^\"]*)\"");
        return match.Success ? WebUtility.HtmlDecode(match.Groups[1].Value) : "";
    }

    /// <summary>The page without what differs from answer to answer: tokens and numbers.</summary>
    public string Shape() => Numbers().Replace(Tokens().Replace(Html, "TOKEN"), "ID");

    private async Task<Visitor> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("text/html");
        if (From is not null) request.Headers.Add("X-Forwarded-For", From);
        request.Headers.AcceptLanguage.ParseAdd(Languages);
        if (_cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
        using var response = await _client.SendAsync(request);
        SetCookies = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [];
        foreach (var cookie in SetCookies)
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0) _cookies.Remove(pair[0]);
            else _cookies[pair[0]] = pair[1];
        }

        Status = response.StatusCode;
        Location = response.Headers.Location?.OriginalString;
        RetryAfter = response.Headers.TryGetValues("Retry-After", out var wait) ? wait.First() : null;
        var html = await response.Content.ReadAsStringAsync();
        // A redirect has no page; the one before stays open, as in a browser.
        if (html.Length > 0) Html = html;
        return this;
    }

    [GeneratedRegex("(?<=name=\"form-token\" value=\")[^\"]*")]
    private static partial Regex Tokens();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Numbers();
}
