using System.Net;
using System.Text.RegularExpressions;
using Custodia.Testing;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>A browser that keeps cookies, follows redirects on this server by hand and stops where they lead elsewhere.</summary>
public sealed partial class TestBrowser(CustodiaServer server)
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);
    private readonly HttpClient _client = server.Client();

    public string? Cookie(string name) => _cookies.GetValueOrDefault(name);

    public Task<Page> GetAsync(string address) => SendAsync(() => new HttpRequestMessage(HttpMethod.Get, address));

    public Task<Page> PostAsync(string address, params (string Name, string Value)[] form) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Post, address) { Content = Form(form) });

    /// <summary>Fills in the first form of a page, with its hidden fields, and posts it.</summary>
    public Task<Page> SubmitAsync(Page page, params (string Name, string Value)[] filled)
    {
        var form = FormElement().Matches(page.Html).First(f => f.Groups["inner"].Value.Contains("form-token", StringComparison.Ordinal)
            && !f.Groups["action"].Value.StartsWith("/display", StringComparison.Ordinal));
        var action = WebUtility.HtmlDecode(form.Groups["action"].Value);
        var hidden = HiddenInput().Matches(form.Groups["inner"].Value)
            .Select(i => (i.Groups["name"].Value, WebUtility.HtmlDecode(i.Groups["value"].Value)));
        return PostAsync(action, [.. hidden, .. filled]);
    }

    /// <summary>Signs in with the common password at a page that shows the sign-in form.</summary>
    public async Task<Page> SignInAsync(string address, string userName = ProtocolServer.UserName, string password = ProtocolServer.Password) =>
        await SubmitAsync(await GetAsync(address), ("name", userName), ("password", password));

    private async Task<Page> SendAsync(Func<HttpRequestMessage> make)
    {
        var request = make();
        for (var hops = 0; hops < 10; hops++)
        {
            request.Headers.Accept.ParseAdd("text/html");
            if (_cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
            using var response = await _client.SendAsync(request);
            Keep(response);
            var html = await response.Content.ReadAsStringAsync();
            var location = response.Headers.Location;
            var page = new Page(response.StatusCode, html, location, request.RequestUri!, response.Headers.TryGetValues("Content-Security-Policy", out var csp) ? csp.First() : "");
            if (location is null || (int)response.StatusCode is < 300 or >= 400) return page;
            var target = new Uri(new Uri(server.Url), location);
            if (target.GetLeftPart(UriPartial.Authority) != server.Url) return page with { Location = target };
            request = new HttpRequestMessage(HttpMethod.Get, target);
        }

        throw new InvalidOperationException("Too many redirects.");
    }

    private void Keep(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var cookies)) return;
        foreach (var cookie in cookies)
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0) _cookies.Remove(pair[0]);
            else _cookies[pair[0]] = pair[1];
        }
    }

    private static FormUrlEncodedContent Form((string Name, string Value)[] fields) =>
        new(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value)));

    [GeneratedRegex("<form[^>]*action=\"(?<action>[^\"]*)\"[^>]*>(?<inner>.*?)</form>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormElement();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HiddenInput();
}

/// <summary>Where a browser has come to.</summary>
/// <param name="Location">Where the server sent it, outside of this server; null for a page.</param>
public sealed record Page(HttpStatusCode Status, string Html, Uri? Location, Uri Address, string ContentSecurityPolicy)
{
    /// <summary>A parameter of the address outside that the browser was sent to.</summary>
    public string? this[string parameter] =>
        Location is null ? null : System.Web.HttpUtility.ParseQueryString(Location.Query)[parameter];
}
