using System.Net.Http.Json;
using System.Text.Json;

namespace Custodia.Identity.Tests.People;

public sealed class StatisticsTests
{
    [Fact]
    public async Task Figures_follow_what_happens_and_a_person_counts_once_a_month()
    {
        await using var server = await PeopleServer.StartNewAsync(s => s.Time.AdvanceToMidMonth());
        var before = await server.StatisticsAsync();
        await server.SignUpAsync("count@example.com", userName: "counted");
        await server.SignInAsync("customers", "counted", "a-quite-long-phrase");
        var after = await server.StatisticsAsync();
        Grown("users").ShouldBe(1);
        Grown("registrations7Days").ShouldBe(1);
        Grown("signIns7Days").ShouldBe(2);
        Grown("monthlyActiveUsers").ShouldBe(1);
        // The code, and the notice of a sign-in with another browser.
        Grown("mailsUsed").ShouldBe(2);
        after.GetProperty("applications").GetInt64().ShouldBe(1);
        after.GetProperty("usageStatus").GetString().ShouldBe("normal");
        after.GetProperty("userLimit").GetInt64().ShouldBe(1000);
        after.GetProperty("recentlySignedIn").EnumerateArray().First().GetProperty("masked").GetString().ShouldBe("c***");
        after.GetProperty("growthYesterday").GetInt64().ShouldBe(0);

        server.Time.Advance(TimeSpan.FromDays(1));
        (await server.StatisticsAsync()).GetProperty("growthYesterday").GetInt64().ShouldBe(after.GetProperty("users").GetInt64());
        server.Time.Advance(TimeSpan.FromDays(40));
        var later = await server.StatisticsAsync();
        later.GetProperty("signIns7Days").GetInt64().ShouldBe(0);
        later.GetProperty("monthlyActiveUsers").GetInt64().ShouldBe(0);
        later.GetProperty("growth30Days").GetInt64().ShouldBe(0);
        later.GetProperty("users").GetInt64().ShouldBe(after.GetProperty("users").GetInt64());

        long Grown(string figure) => after.GetProperty(figure).GetInt64() - before.GetProperty(figure).GetInt64();
    }

    [Fact]
    public async Task The_usage_status_follows_the_limit()
    {
        await using var server = await PeopleServer.StartNewAsync();
        var admin = await server.AdminAsync();
        using var limited = await admin.PatchAsJsonAsync("/api/v1/directories/customers", new { userLimit = 2 });
        var expected = new[] { ("ada", "normal"), ("wei", "nearLimit"), ("sofia", "over") };
        foreach (var (name, status) in expected)
        {
            await server.SignInAsync("customers", name);
            (await admin.GetFromJsonAsync<JsonElement>("/api/v1/statistics?directory=customers")).GetProperty("usageStatus").GetString().ShouldBe(status);
        }
    }
}
