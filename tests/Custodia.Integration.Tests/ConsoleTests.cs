using System.Globalization;
using System.Net;
using System.Text.Json;
using Custodia.Kernel.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Integration.Tests;

public sealed class ConsoleTests(IntegrationServer server) : IClassFixture<IntegrationServer>
{
    // Two errors, on the lines 6 and 7.
    private static readonly System.Text.CompositeFormat Wrong = System.Text.CompositeFormat.Parse("flow: 1\nname: {0}\ntrigger:\n  http: {{ path: {0} }}\nsteps:\n  - call: http.requst\n  - respond: {{ body: \"${{ .variables.nothing }}\" }}\n");

    [Fact]
    public async Task A_flow_goes_from_an_empty_page_over_its_errors_to_a_job()
    {
        var staff = await Staff.SignInAsync(server);
        await CreateAsync(staff, "journey", string.Format(CultureInfo.InvariantCulture, Wrong, "journey"));
        var page = staff.Location.Split('?')[0];
        (await staff.FollowAsync()).Html.ShouldContain("href=\"#line-6\"");
        staff.Html.ShouldContain("<li id=\"line-7\" class=\"code-wrong\"");

        var text = "flow: 1\r\nname: journey\r\ntrigger:\r\n  http: { path: journey }\r\nsteps:\r\n  - id: greet\r\n    set: { text: \"Hello, ${ .payload.name }\" }\r\n  - respond: { body: \"${ .variables.text }\" }\r\n";
        await staff.PostAsync(page, ("text", text), ("revision", staff.Hidden("revision")));
        staff.Status.ShouldBe(HttpStatusCode.SeeOther);
        await staff.FollowAsync();
        staff.Html.ShouldNotContain("code-wrong");

        await staff.PostAsync($"{page}/deploy");
        staff.Location.ShouldEndWith("?note=flow-deployed");
        await staff.FollowAsync();
        await staff.PostAsync($"{page}/run", ("text", text), ("revision", staff.Hidden("revision")), ("payload", """{ "name": "Grace Canary" }"""));
        staff.Status.ShouldBe(HttpStatusCode.SeeOther);
        var job = staff.Location.Split('?')[0];
        await OpenWhenAsync(staff, job, "Done");
        staff.Html.ShouldContain("greet");
        staff.Html.ShouldNotContain("Grace Canary");
    }

    [Fact]
    public async Task A_text_with_errors_is_kept_and_shown_again_as_it_was_typed()
    {
        var staff = await Staff.SignInAsync(server);
        await CreateAsync(staff, "kept", "flow: 1\nname: kept\nsteps: []");
        var page = staff.Location.Split('?')[0];
        await staff.FollowAsync();
        var text = "flow: 1\nname: kept\nsteps:\n  - jump: \"<b>&amp;\"\n\n";
        await staff.PostAsync(page, ("text", text), ("revision", staff.Hidden("revision")));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        staff.Area("text").ShouldBe(text);
        staff.Html.ShouldNotContain("<b>&amp;\"");
        (await staff.OpenAsync(page)).Area("text").ShouldBe(text);
    }

    [Fact]
    public async Task Whoever_saves_over_somebody_elses_change_is_told_and_keeps_the_own_text()
    {
        var first = await Staff.SignInAsync(server);
        await CreateAsync(first, "shared", "flow: 1\nname: shared\nsteps: []");
        var page = first.Location.Split('?')[0];
        await first.FollowAsync();
        var second = await Staff.SignInAsync(server, "administrator");
        await second.OpenAsync(page);
        await first.PostAsync(page, ("text", "flow: 1\nname: shared\ndescription: first\nsteps: []"), ("revision", first.Hidden("revision")));
        first.Status.ShouldBe(HttpStatusCode.SeeOther);
        const string Second = "flow: 1\nname: shared\ndescription: second\nsteps: []";
        for (var i = 0; i < 2; i++)
        {
            await second.PostAsync(page, ("text", Second), ("revision", second.Hidden("revision")));
            second.Status.ShouldBe(HttpStatusCode.Conflict);
            second.Area("text").ShouldBe(Second);
        }
    }

    [Fact]
    public async Task A_trial_shows_each_step_and_asks_nobody()
    {
        await using var receiver = await Receiver.StartAsync();
        var staff = await Staff.SignInAsync(server);
        var text = $"flow: 1\nname: trial\nsteps:\n  - call: http.request\n    with: {{ url: \"{receiver.Url}\", method: POST, body: \"${{ .payload.a }}\" }}\n";
        await CreateAsync(staff, "trial", text);
        var page = staff.Location.Split('?')[0];
        await staff.FollowAsync();
        await staff.PostAsync($"{page}/try", ("text", text), ("revision", "1"), ("payload", """{ "a": 17 }"""));
        staff.Status.ShouldBe(HttpStatusCode.OK);
        WebUtility.HtmlDecode(staff.Html).ShouldContain("\"body\":17} (not asked)");
        receiver.Keys.ShouldBeEmpty();
        await staff.PostAsync($"{page}/try", ("text", text), ("revision", "1"), ("payload", "{"));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task What_a_step_worked_on_is_shown_for_a_purpose_and_on_record()
    {
        var client = await FlowClient.OfAsync(server);
        var (_, flow, url) = await client.DeployAsync("flow: 1\nname: sealed\ntrigger: { http: { path: sealed } }\nsteps:\n  - set: { who: \"${ .payload.name }\" }\n  - respond: { body: ok }\n");
        using var answer = await client.Http.PostAsync(url, new StringContent("""{ "name": "Grace Canary" }""", System.Text.Encoding.UTF8, "application/json"));
        var id = await client.JobInStateAsync(flow, "done");
        var staff = await Staff.SignInAsync(server);
        var page = $"/console/jobs/{id:N}";
        (await staff.OpenAsync(page)).Html.ShouldNotContain("Grace Canary");
        await staff.PostAsync($"{page}/reveal", ("step", "0"), ("purpose", "troubleshooting"), ("reason", "x"));
        staff.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await staff.PostAsync($"{page}/reveal", ("step", "0"), ("purpose", "troubleshooting"), ("reason", "ticket 12"));
        staff.Status.ShouldBe(HttpStatusCode.OK);
        staff.Html.ShouldContain("Grace Canary");
        (await RevealsAsync(id)).ShouldBe(2);
    }

    [Fact]
    public async Task A_call_in_doubt_goes_on_behind_itself_when_a_person_has_seen_that_it_arrived()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, http) =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        var client = await FlowClient.OfAsync(server);
        var (_, flow, url) = await client.DeployAsync($"flow: 1\nname: arrived\ntrigger: {{ http: {{ path: arrived, answer: accepted }} }}\nsteps:\n  - call: http.request\n    with: {{ url: \"{receiver.Url}\", method: POST }}\n    into: answer\n  - log: {{ category: after }}\n");
        using var started = await client.Http.PostAsync(url, null);
        var id = await client.JobInStateAsync(flow, "in-doubt");
        var staff = await Staff.SignInAsync(server);
        await staff.OpenAsync($"/console/jobs/{id:N}");
        staff.Html.ShouldContain("/settle");
        await staff.PostAsync($"/console/jobs/{id:N}/settle");
        staff.Location.ShouldEndWith("?note=job-settled");
        await client.JobInStateAsync(flow, "done");
        receiver.Keys.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_older_version_is_deployed_again_from_the_page()
    {
        var client = await FlowClient.OfAsync(server);
        var (project, flow, url) = await client.DeployAsync("flow: 1\nname: again\ntrigger: { http: { path: again } }\nsteps:\n  - respond: { body: one }\n");
        using var saved = await client.Http.PutAsync($"/api/v1/integration/flows/{flow}", new StringContent(JsonSerializer.Serialize(new { text = "flow: 1\nname: again\ntrigger: { http: { path: again } }\nsteps:\n  - respond: { body: two }\n" }), System.Text.Encoding.UTF8, "application/json"));
        await client.PostAsync($"/projects/{project}/deployments", new { });
        (await BodyAsync(client, url)).ShouldBe("\"two\"");
        var staff = await Staff.SignInAsync(server);
        await staff.OpenAsync($"/console/flows/{flow:N}");
        await staff.PostAsync($"/console/flows/{flow:N}/deploy", ("version", "1"));
        staff.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await BodyAsync(client, url)).ShouldBe("\"one\"");
    }

    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        var staff = await Staff.SignInAsync(server);
        await staff.OpenAsync("/console/flows/new");
        await staff.PostWithoutTokenAsync("/console/flows/new", ("group", "forged"), ("project", "forged"), ("text", "flow: 1\nname: forged\nsteps: []"));
        staff.Status.ShouldBe(HttpStatusCode.BadRequest);
        (await staff.OpenAsync("/console/flows")).Html.ShouldNotContain("forged");
    }

    [Theory]
    [InlineData("developer", "/console/flows", 200)]
    [InlineData("developer", "/console/flows/new", 200)]
    [InlineData("developer", "/console/flows/new?start=ticket", 200)]
    [InlineData("developer", "/console/jobs", 200)]
    [InlineData("developer", "/console/jobs?state=failed", 200)]
    [InlineData("developer", "/console/jobs?state=lost", 400)]
    [InlineData("developer", "/console/runtimes", 200)]
    [InlineData("auditor", "/console/flows", 200)]
    [InlineData("auditor", "/console/flows/new", 403)]
    [InlineData("support-agent", "/console/flows", 403)]
    [InlineData("support-agent", "/console/jobs", 403)]
    [InlineData("developer", "/console/jobs/0193b1a2c3d47e5f8a9b0c1d2e3f4a5b", 404)]
    [InlineData("developer", "/console/flows/0193b1a2c3d47e5f8a9b0c1d2e3f4a5b", 404)]
    public async Task A_page_opens_for_the_roles_that_may(string role, string page, int status) =>
        ((int)(await (await Staff.SignInAsync(server, role)).OpenAsync(page)).Status).ShouldBe(status);

    [Fact]
    public async Task Every_starter_checks()
    {
        var client = await FlowClient.OfAsync(server);
        foreach (var starter in Pages.Starter.All) (await client.CheckAsync(starter.Text)).ShouldBeEmpty(starter.Name);
    }

    [Fact]
    public async Task Pages_are_there_in_chinese()
    {
        var staff = await Staff.SignInAsync(server);
        staff.Language = "zh-CN";
        WebUtility.HtmlDecode((await staff.OpenAsync("/console/runtimes")).Html).ShouldContain("运行时");
    }

    [Fact]
    public void Every_text_is_there_in_both_languages()
    {
        var english = Texts.Source.Keys(CultureInfo.InvariantCulture);
        english.ShouldNotBeEmpty();
        Texts.Source.Keys(new CultureInfo("zh")).ShouldBe(english, ignoreOrder: true);
    }

    private static async Task CreateAsync(Staff staff, string name, string text)
    {
        await staff.OpenAsync("/console/flows/new");
        await staff.PostAsync("/console/flows/new", ("group", "console"), ("project", name), ("text", text));
        staff.Status.ShouldBe(HttpStatusCode.SeeOther, staff.Html);
    }

    private static async Task OpenWhenAsync(Staff staff, string page, string text)
    {
        for (var i = 0; i < 1200; i++)
        {
            if ((await staff.OpenAsync(page)).Html.Contains($">{text}</span>", StringComparison.Ordinal)) return;
            await Task.Delay(50);
        }

        staff.Html.ShouldContain(text);
    }

    private static async Task<string> BodyAsync(FlowClient client, string url)
    {
        using var answer = await client.Http.PostAsync(url, null);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<int> RevealsAsync(Guid job)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<IntegrationContext>();
        var account = context.Runtimes.Select(r => r.Account).First();
        var page = await server.Services.GetRequiredService<LogStreams>().QueryAsync(new StreamQuery("kernel.reveal-log", account) { Text = $"job/{job:N}" }, default);
        return page.Entries.Count;
    }
}
