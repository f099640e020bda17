using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Custodia.Identity.Tests.People;

/// <summary>Names and titles that other people read are one line and show themselves as written.</summary>
public sealed class ShownTextTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Home = "/api/v1/directories/customers";

    /// <summary>An override, a line separator, a line break, a zero-width space and an isolate.</summary>
    public static TheoryData<string> Tricks { get; } = new("Bank\u202Eknab", "One\u2028Two", "One\nTwo", "Ba\u200Bnk", "A\u2066B");

    [Theory]
    [MemberData(nameof(Tricks))]
    public async Task Nothing_that_people_read_hides_or_turns_its_characters(string trick)
    {
        await RefusedAsync("POST", "/api/v1/directories", new { name = "tricks", title = trick, titleZh = trick }, "title", "titleZh");
        await RefusedAsync("PATCH", "/api/v1/account", new { name = trick }, "name");
        await RefusedAsync("POST", "/api/v1/groups", new { directory = "customers", name = trick }, "name");
        await RefusedAsync("POST", "/api/v1/applications", new { directory = "customers", kind = "native", name = trick, redirectUris = new[] { "https://app.example/cb" } }, "name");
        await RefusedAsync("POST", $"{Home}/registration-tokens", new { name = trick }, "name");
        await RefusedAsync("POST", $"{Home}/webhooks", new { url = "https://hooks.example/", events = new[] { "identity.user.registered" }, description = trick }, "description");
        await RefusedAsync("PATCH", $"{Home}/branding", new { lead = trick }, "lead");
        await RefusedAsync("POST", $"{Home}/agreements", new { name = "terms", version = trick, title = trick, titleZh = trick, text = "Text" }, "version", "title", "titleZh");
        await RefusedAsync("PUT", $"{Home}/attributes/colour", new { label = trick, labelZh = trick, kind = "choice", choices = new[] { new { value = "red", label = trick, labelZh = "红" } } }, "label", "labelZh", "choices");
        await RefusedAsync(
            "POST", $"{Home}/sources", new { name = "tricks", kind = "oAuth2", title = trick, clientId = "c", authorizationEndpoint = "https://a.example/", tokenEndpoint = "https://a.example/", userinfoEndpoint = "https://a.example/", subjectClaim = "id" }, "title");
    }

    [Theory]
    [InlineData("شرکت می‌خواهم")]
    [InlineData("Family 👩‍👩‍👧")]
    [InlineData("O'Neill & Søn, 株式会社")]
    public void Joiners_that_scripts_and_emoji_need_stay(string name) => ShownText.IsLine(name, 60).ShouldBeTrue();

    private async Task RefusedAsync(string method, string path, object body, params string[] fields)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = JsonContent.Create(body) };
        using var answer = await (await server.AdminAsync()).SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{path}: {text}");
        JsonSerializer.Deserialize<JsonElement>(text).GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(fields, ignoreOrder: true, path);
    }
}
