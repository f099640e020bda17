using System.Net;
using System.Text.RegularExpressions;
using Custodia.Acceptance.Contracts;
using Custodia.Acceptance.Journey;
using Custodia.Kernel.Access;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Acceptance.BadInput;

/// <summary>Every page that the running server declares is asked for badly: people get a page of ours that says so, and nothing is stored.</summary>
[Collection(ProductServer.Name)]
public sealed partial class BadPageTests(ProductServer server)
{
    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        var admin = await server.InitialAdminAsync();
        var staff = await SignInAsync("staff", admin.UserName, admin.Password);
        var person = await SignInAsync("customers", "ada");
        var walk = await ApiWalk.StartedAsync(server);
        var before = await walk.RowsAsync();
        var findings = new List<string>();
        var forms = Pages("POST").Where(p => p.Metadata.GetMetadata<IAntiforgeryMetadata>() is not { RequiresValidation: false }).ToArray();
        forms.Length.ShouldBeGreaterThan(50);
        foreach (var form in forms)
        {
            using var body = IsUpload(form) ? (HttpContent)new MultipartFormDataContent { { new StringContent("Something is wrong."), "body" } } : new FormUrlEncodedContent([new("name", "x"), new("reason", "because")]);
            using var request = new HttpRequestMessage(HttpMethod.Post, Address(form)) { Content = body };
            using var answer = await (form.Metadata.GetMetadata<AccessRule>() is AccessRule.NeedsPermission ? staff : person).SendAsync(request);
            // Whose ticket a file is for is looked up before the file is read.
            if (IsUpload(form) && answer.StatusCode == HttpStatusCode.NotFound && form.RoutePattern.Parameters.Any(p => p.Name is "id" or "number")) continue;
            findings.AddRange(await FindingsAsync(answer, $"POST {form.RoutePattern.RawText}", HttpStatusCode.BadRequest));
        }

        findings.ShouldBeEmpty();
        ApiWalk.Changes(before, await walk.RowsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_may_not_see_a_page_is_told_so()
    {
        var agent = await SignInAsync("staff", "support-agent");
        var may = server.Services.GetRequiredService<PermissionCatalogue>().Of([Role.SupportAgent]);
        var pages = Pages("GET").Where(p => p.Metadata.GetMetadata<AccessRule>() is AccessRule.NeedsPermission needed && !may.Contains(needed.Permission)).ToArray();
        pages.Length.ShouldBeGreaterThan(8);
        var findings = new List<string>();
        foreach (var page in pages)
        {
            using var answer = await agent.GetAsync(Address(page));
            findings.AddRange(await FindingsAsync(answer, $"GET {page.RoutePattern.RawText}", HttpStatusCode.Forbidden));
        }

        findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_does_not_exist_has_a_page_that_says_so()
    {
        var admin = await server.InitialAdminAsync();
        var staff = await SignInAsync("staff", admin.UserName, admin.Password);
        var findings = new List<string>();
        var withIds = Pages("GET").Where(p => p.Metadata.GetMetadata<AccessRule>() is AccessRule.NeedsPermission && p.RoutePattern.Parameters.Count > 0).Select(Address);
        string[] nowhere = ["/nowhere", "/console/nowhere", "/account/customers/nowhere", "/d/nowhere/sign-in", "/d/customers/nowhere", "/console/users/not-an-id", "/privacy/nowhere", "/%00", "/console/logs/no.such-log"];
        foreach (var address in withIds.Concat(nowhere))
        {
            using var answer = await staff.GetAsync(address);
            if (address == "/%00" && answer.StatusCode == HttpStatusCode.BadRequest) continue;
            findings.AddRange(await FindingsAsync(answer, $"GET {address}", HttpStatusCode.NotFound));
        }

        findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_sent_to_sign_in()
    {
        using var stranger = server.Client();
        stranger.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var pages = Pages("GET").Where(p => p.Metadata.GetMetadata<AccessRule>() is not AccessRule.Anyone).ToArray();
        pages.Length.ShouldBeGreaterThan(30);
        foreach (var page in pages)
        {
            using var answer = await stranger.GetAsync(Address(page));
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, page.RoutePattern.RawText);
            var directory = page.Metadata.GetMetadata<AccessRule>() is AccessRule.NeedsUser ? "customers" : "staff";
            answer.Headers.Location!.OriginalString.ShouldStartWith($"/d/{directory}/sign-in?return=");
        }
    }

    private IEnumerable<RouteEndpoint> Pages(string method) => server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.RoutePattern.RawText?.TrimStart('/') is { } path && !path.StartsWith("api/", StringComparison.Ordinal) && !path.StartsWith("scim/", StringComparison.Ordinal))
        .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(method) == true);

    private static bool IsUpload(RouteEndpoint form) => form.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata>() is { MaxRequestBodySize: > 2_000_000 };

    private static string Address(RouteEndpoint page) => Parameter().Replace("/" + page.RoutePattern.RawText!.TrimStart('/'), match => match.Groups["name"].Value switch
    {
        "directory" => "customers",
        "category" => "no.such-log",
        var name => ApiWalk.Unknown(name, match.Groups["rule"].Success ? match.Groups["rule"].Value : null),
    });

    private async Task<HttpClient> SignInAsync(string directory, string name, string password = Visitor.SamplePassword) =>
        (await Visitor.SignInAsync(server, directory, name, password)).Browser;

    private static async Task<IEnumerable<string>> FindingsAsync(HttpResponseMessage answer, string what, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode != status) return [$"{what}: {(int)answer.StatusCode} instead of {(int)status}"];
        if (answer.Content.Headers.ContentType?.MediaType != "text/html") return [$"{what}: {(int)status} as {answer.Content.Headers.ContentType}"];
        return text.Contains("class=\"problem\"", StringComparison.Ordinal) && text.Contains(answer.Headers.GetValues("X-Request-Id").Single(), StringComparison.Ordinal) ? [] : [$"{what}: not the page for problems"];
    }

    [GeneratedRegex(@"\{\*{0,2}(?<name>[A-Za-z]+)(:(?<rule>[a-z]+)(\([0-9,]+\))?)?\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Parameter();
}
