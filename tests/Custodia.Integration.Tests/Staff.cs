using System.Net;
using System.Text.RegularExpressions;
using Custodia.Testing;

namespace Custodia.Integration.Tests;

/// <summary>A member of staff at the console: keeps cookies, posts the forms of the page that is open with its own token.</summary>
internal sealed class Staff(CustodiaServer server)
{
    private const string SamplePassword = "just-for-the-demo";

    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);
    private readonly HttpClient _client = server.Client();

    public HttpStatusCode Status { get; private set; }

    public string Html { get; private set; } = "";

    public string Location { get; private set; } = "";

    public string Language { get; set; } = "en";

    public static async Task<Staff> SignInAsync(CustodiaServer server, string name = "developer")
    {
        var staff = new Staff(server);
        await staff.OpenAsync("/d/staff/sign-in");
        await staff.PostAsync("/d/staff/sign-in", ("name", name), ("password", SamplePassword));
        staff.Status.ShouldBe(HttpStatusCode.SeeOther, staff.Html);
        return staff;
    }

    public Task<Staff> OpenAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Goes where the last answer sent the browser.</summary>
    public Task<Staff> FollowAsync() => OpenAsync(Location);

    /// <summary>Posts a form of the page that is open, with the token that the page holds.</summary>
    public Task<Staff> PostAsync(string address, params (string Name, string Value)[] fields) => SendFormAsync(address, [.. fields, ("form-token", Hidden("form-token"))]);

    public Task<Staff> PostWithoutTokenAsync(string address, params (string Name, string Value)[] fields) => SendFormAsync(address, fields);

    /// <summary>The value of a hidden field of the page that is open.</summary>
    public string Hidden(string name)
    {
        var match = Regex.Match(Html, $"<input type=\"hidden\" name=\"{Regex.Escape(name)}\" value=\"([^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1));
        return match.Success ? WebUtility.HtmlDecode(match.Groups[1].Value) : "";
    }

    /// <summary>What stands in a text field of the page that is open.</summary>
    public string Area(string name)
    {
        var match = Regex.Match(Html, $"<textarea[^>]* name=\"{Regex.Escape(name)}\"[^>]*>\n?(.*?)</textarea>", RegexOptions.Singleline, TimeSpan.FromSeconds(1));
        return WebUtility.HtmlDecode(match.Groups[1].Value).ReplaceLineEndings("\n").TrimStart('\n');
    }

    private Task<Staff> SendFormAsync(string address, IEnumerable<(string Name, string Value)> fields) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))) });

    private async Task<Staff> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.AcceptLanguage.ParseAdd(Language);
        if (_cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
        using var response = await _client.SendAsync(request);
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [])
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0) _cookies.Remove(pair[0]);
            else _cookies[pair[0]] = pair[1];
        }

        Status = response.StatusCode;
        Location = response.Headers.Location?.OriginalString ?? "";
        var html = await response.Content.ReadAsStringAsync();
        // A redirect has no page; the one before stays open, as in a browser.
        if (html.Length > 0) Html = html;
        return this;
    }
}
