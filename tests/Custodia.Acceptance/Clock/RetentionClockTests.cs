using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Testing;

namespace Custodia.Acceptance.Clock;

/// <summary>The clock is moved, and each log is gone on the day that its line of the policy says, and not before.</summary>
public sealed class RetentionClockTests
{
    [Fact]
    public async Task Each_log_is_there_until_its_age_and_gone_after_it()
    {
        await using var server = await CustodiaServer.StartAsync();
        using var admin = await server.AdminAsync();
        (await admin.PostAsJsonAsync("/api/v1/users", new { directory = "customers", userName = "clock-canary", email = "clock@example.com" })).EnsureSuccessStatusCode();
        await UntilAsync(server, "integration.running-log", records => records > 0);

        // log, age in the policy
        await PassesAsync(server, "integration.running-log", made => made.AddDays(7));
        await PassesAsync(server, "identity.admin-action-log", made => made.AddDays(180));
        await PassesAsync(server, "integration.audit-log", made => made.AddYears(1));
    }

    /// <summary>Moves to the last hour in which the log must still be there, then past the day after.</summary>
    private static async Task PassesAsync(CustodiaServer server, string log, Func<DateTimeOffset, DateTimeOffset> age)
    {
        var made = await OldestAsync(server, log);
        server.Time.AdvanceTo(age(made).AddHours(-1));
        await Task.Delay(TimeSpan.FromSeconds(1));
        (await CountAsync(server, log)).ShouldBeGreaterThan(0, $"{log} one hour before its age");
        server.Time.AdvanceTo(age(made).AddDays(1).AddMinutes(15));
        for (var tries = 0; tries < 150 && await HoldsAsync(server, log, made); tries++) await Task.Delay(200);
        (await HoldsAsync(server, log, made)).ShouldBeFalse($"{log} on the day after its age");
    }

    /// <summary>Whether records of that first day are still there; the test's own calls make new ones in some logs.</summary>
    private static async Task<bool> HoldsAsync(CustodiaServer server, string log, DateTimeOffset made) =>
        (await RecordsAsync(server, log)).Any(time => time < made.AddDays(1));

    private static async Task UntilAsync(CustodiaServer server, string log, Func<int, bool> reached)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            if (reached(await CountAsync(server, log))) return;
            await Task.Delay(200);
        }
    }

    private static async Task<int> CountAsync(CustodiaServer server, string log) => (await RecordsAsync(server, log)).Count;

    private static async Task<DateTimeOffset> OldestAsync(CustodiaServer server, string log) => (await RecordsAsync(server, log)).Min();

    private static async Task<IReadOnlyList<DateTimeOffset>> RecordsAsync(CustodiaServer server, string log)
    {
        // Tokens do not live for days: a new one each time.
        using var admin = await server.AdminAsync();
        using var page = JsonDocument.Parse(await admin.GetStringAsync($"/api/v1/logs/{log}?limit=500"));
        return [.. page.RootElement.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("time").GetDateTimeOffset())];
    }
}
