using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.People;

public sealed class LogTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    [Theory]
    [InlineData("identity.admin-action-log", "region api-version timestamp app-id uin sub-account-uin client-ip request-source access-context log-area request-id")]
    [InlineData("identity.api-invocation-log", "timestamp request-ip operation")]
    [InlineData("identity.user-operation-log", "operation-time result client-ip")]
    public async Task A_log_has_exactly_the_fields_of_the_policy(string category, string fields)
    {
        server.Services.GetRequiredService<LoadedPolicy>().Category(category).Fields.Select(f => f.Name).ShouldBe(fields.Split(' '));
        await server.SignInAsync("customers", "ada");
        using var answer = await (await server.AdminAsync()).PatchAsJsonAsync("/api/v1/account", new { name = "demo" });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var entry = (await server.LogAsync(category))[0];
        entry.Fields.Select(f => f.Key).ShouldBe(fields.Split(' '));
        entry.Fields.ShouldAllBe(f => f.Value != null);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", HttpStatusCode.OK)]
    [InlineData("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", HttpStatusCode.BadRequest)]
    [InlineData("-0001-01-01T00:00:00Z", "10000-01-01T00:00:00Z", HttpStatusCode.BadRequest)]
    public async Task A_log_is_asked_for_from_the_first_moment_to_the_last(string from, string to, HttpStatusCode expected)
    {
        var admin = await server.AdminAsync();
        using var answer = await admin.GetAsync($"/api/v1/logs/identity.admin-action-log?from={Uri.EscapeDataString(from)}&to={Uri.EscapeDataString(to)}");
        answer.StatusCode.ShouldBe(expected);
        using var file = await admin.GetAsync($"/api/v1/logs/identity.admin-action-log/export?from={Uri.EscapeDataString(from)}&to={Uri.EscapeDataString(to)}");
        file.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task A_change_is_recorded_with_who_from_where_and_how()
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/v1/account") { Content = JsonContent.Create(new { name = "demo" }) };
        request.Headers.Add("X-Request-Id", "request-of-this-test");
        using var answer = await (await server.AdminAsync()).SendAsync(request);
        var entry = (await server.LogAsync("identity.admin-action-log")).First(e => Value(e, "request-id") == "request-of-this-test");
        Value(entry, "log-area").ShouldBe("account");
        Value(entry, "request-source").ShouldBe("api");
        Value(entry, "api-version").ShouldBe("v1");
        Value(entry, "client-ip").ShouldBe("127.0.0.1");
        Value(entry, "uin").ShouldBe((await server.AccountAsync()).ToString());
        Value(entry, "access-context")!.ShouldStartWith("127.0.0.1 ");
    }

    [Fact]
    public async Task A_change_in_the_console_is_recorded_as_such_for_its_person()
    {
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync("/console/users/new");
        await staff.PostAsync("/console/users/new", ("directory", "customers"), ("email", "logged@example.com"));
        var entry = (await server.LogAsync("identity.admin-action-log")).First(e => Value(e, "log-area") == "users.create");
        Value(entry, "request-source").ShouldBe("console");
        entry.Person.ShouldNotBeNull();
    }

    [Fact]
    public async Task Refused_calls_are_recorded_too()
    {
        using var stranger = await server.Client().GetAsync("/api/v1/users/00000000-0000-0000-0000-000000000001");
        (await server.LogAsync("identity.api-invocation-log", account: 0)).ShouldContain(e => Value(e, "operation") == "GET /api/v1/users/{id:guid}");
        var agent = await server.SignInAsync("staff", "support-agent");
        await agent.OpenAsync("/api/v1/sub-accounts");
        agent.Status.ShouldBe(HttpStatusCode.Forbidden);
        (await server.LogAsync("identity.api-invocation-log")).ShouldContain(e => Value(e, "operation")!.StartsWith("GET /api/v1/sub-accounts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_person_does_is_in_their_own_log()
    {
        await server.SignUpAsync("diary@example.com");
        await server.SignInAsync("customers", "diary@example.com", "wrong");
        var id = await server.UserIdAsync("diary@example.com");
        var results = (await server.LogAsync("identity.user-operation-log", id)).Select(e => Value(e, "result")).ToArray();
        results.ShouldBe(["sign-in-refused", "signed-in", "registered"]);
    }

    [Fact]
    public async Task Refused_sign_ins_and_tokens_are_counted_without_saying_whose()
    {
        var counted = new ConcurrentBag<(string Name, string Tags)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "Custodia") l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => counted.Add((instrument.Name, string.Join(' ', tags.ToArray()))));
        listener.Start();
        await server.SignInAsync("customers", "counted@example.com", "wrong");
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "counted"), new("client_secret", "wrong")]);
        using var refused = await server.Client().PostAsync("/d/staff/token", form);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        counted.ShouldContain(("custodia.user.operations", "[result, sign-in-refused]"));
        counted.ShouldContain(("custodia.token.answers", "[result, invalid_client]"));
        counted.ShouldAllBe(c => !c.Tags.Contains("counted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Administrator_actions_go_after_180_days_and_api_calls_when_the_account_ends_the_service()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var account = await own.AccountAsync();
        using var answer = await (await own.AdminAsync()).PatchAsJsonAsync("/api/v1/account", new { name = "demo" });
        (await own.LogAsync("identity.admin-action-log", account: account)).Count.ShouldBe(1);
        own.Time.Advance(TimeSpan.FromDays(179));
        await own.SignInAsync("customers", "ada");
        (await own.LogAsync("identity.admin-action-log", account: account)).Count.ShouldBe(1);
        own.Time.Advance(TimeSpan.FromDays(3));
        await Eventually.TrueAsync(async () => (await own.LogAsync("identity.admin-action-log", account: account)).Count == 0, seconds: 60);
        (await own.LogAsync("identity.api-invocation-log", account: account)).ShouldNotBeEmpty();
        (await own.LogAsync("identity.user-operation-log", account: account)).ShouldNotBeEmpty();

        await own.InScopeAsync(services => services.GetRequiredService<AccountServices>().TerminateAsync(account, AccountServices.Identity, default));
        own.Time.Advance(TimeSpan.FromMinutes(11));
        await Eventually.TrueAsync(
            async () => (await own.LogAsync("identity.api-invocation-log", account: account)).Count + (await own.LogAsync("identity.user-operation-log", account: account)).Count == 0,
            seconds: 60);
    }

    [Fact]
    public async Task Staff_filter_a_log_and_take_it_with_them_in_console_and_api()
    {
        var auditor = await server.SignInAsync("staff", "auditor");
        using var answer = await (await server.AdminAsync()).PatchAsJsonAsync("/api/v1/account", new { name = "demo" });
        await auditor.OpenAsync("/console/logs/identity.admin-action-log?ip=127.0.0.1");
        auditor.Status.ShouldBe(HttpStatusCode.OK);
        auditor.Html.ShouldContain("account");
        auditor.Html.ShouldContain("/api/v1/logs/identity.admin-action-log/export?ip=127.0.0.1&amp;format=csv");
        await auditor.OpenAsync("/console/logs/identity.admin-action-log?ip=203.0.113.9");
        auditor.Html.ShouldNotContain("role=\"cell\"");
        auditor.Languages = "zh";
        await auditor.OpenAsync("/console/logs/identity.admin-action-log?from=2026-12-01T00:00&to=2026-11-01T00:00");
        auditor.Html.ShouldContain("截止时间必须晚于起始时间");
        auditor.Html.ShouldNotContain("must be");
        var csv = await auditor.OpenAsync("/api/v1/logs/identity.admin-action-log/export?ip=127.0.0.1&format=csv");
        csv.Status.ShouldBe(HttpStatusCode.OK);
        csv.Html.ShouldContain("request-source");
        csv.Html.ShouldContain("account");
        var agent = await server.SignInAsync("staff", "support-agent");
        (await agent.OpenAsync("/api/v1/logs/identity.admin-action-log")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static string? Value(Kernel.Streams.StreamEntry entry, string field) => entry.Fields.First(f => f.Key == field).Value?.ToString();
}
