using System.Net;
using System.Text.RegularExpressions;
using Custodia.Testing;

namespace Custodia.Acceptance.Journey;

/// <summary>Somebody with a browser without scripts: opens pages and posts their forms.</summary>
internal sealed partial class Visitor(CustodiaServer server)
{
    /// <summary>Of every sample person.</summary>
    public const string SamplePassword = "just-for-the-demo";

    public HttpClient Browser { get; } = server.Browser();

    public static async Task<Visitor> SignInAsync(CustodiaServer server, string directory, string name, string password = SamplePassword)
    {
        var visitor = new Visitor(server);
        var page = await visitor.PostAsync($"/d/{directory}/sign-in", null, ("name", name), ("password", password));
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Html.ShouldContain("/sign-out");
        return visitor;
    }

    public async Task<WebPage> OpenAsync(string address) => await ReadAsync(await Browser.GetAsync(address));

    /// <summary>Opens a page, fills in its form and posts it.</summary>
    /// <param name="action">Where the form goes; null: to the page's own address.</param>
    public async Task<WebPage> PostAsync(string page, string? action, params (string Name, string Value)[] fields) =>
        await PostFromAsync(await OpenAsync(page), action ?? page, fields);

    /// <summary>Posts a form of a page that is open; hidden fields that are not given are taken from it.</summary>
    public async Task<WebPage> PostFromAsync(WebPage page, string action, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            [new("form-token", page.Hidden("form-token")), .. fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))]);
        return await ReadAsync(await Browser.PostAsync(action, form));
    }

    /// <summary>The same for a form with files.</summary>
    public async Task<WebPage> UploadAsync(string page, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent((await OpenAsync(page)).Hidden("form-token")), "form-token" } };
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        return await ReadAsync(await Browser.PostAsync(page, form));
    }

    private static async Task<WebPage> ReadAsync(HttpResponseMessage answer)
    {
        using (answer) return new WebPage(answer.StatusCode, answer.RequestMessage!.RequestUri!.PathAndQuery, await answer.Content.ReadAsStringAsync());
    }

    /// <param name="Address">Where redirects led.</param>
    internal sealed record WebPage(HttpStatusCode Status, string Address, string Html)
    {
        /// <summary>The value of the last hidden field of this name.</summary>
        public string Hidden(string name) =>
            WebUtility.HtmlDecode(HiddenField().Matches(Html).LastOrDefault(m => m.Groups["name"].Value == name)?.Groups["value"].Value ?? "");
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[a-z0-9-]+)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex HiddenField();
}
