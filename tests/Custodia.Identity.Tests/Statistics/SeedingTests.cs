using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Contracts;
using Custodia.Identity.Statistics;
using Custodia.Identity.Tests.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Statistics;

public sealed class SeedingTests
{
    private const string Password = "a-quite-long-phrase";

    [Fact]
    public async Task Seeded_people_sign_in_and_are_counted_like_real_ones_and_what_has_expired_goes()
    {
        await using var server = await PeopleServer.StartNewAsync(s => s.Time.AdvanceToMidMonth());
        await server.InScopeAsync(services => Seeding(services).SeedAsync(new SeedPlan("seeded", 300, 2000, Password), new Silent(), default));
        await server.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<IdentityContext>();
            var home = await database.Directories.SingleAsync(d => d.Name == "seeded");
            var people = await database.Users.AsNoTracking().Where(u => u.DirectoryId == home.Id).ToListAsync();
            people.Count.ShouldBe(300);
            (await database.Set<DirectoryFigures>().SingleAsync(f => f.DirectoryId == home.Id)).Users.ShouldBe(300);
            var days = await database.Set<DailyFigures>().Where(f => f.DirectoryId == home.Id).ToListAsync();
            (days.Sum(d => d.SignIns), days.Sum(d => d.Registrations), days.Sum(d => d.Growth)).ShouldBe((2000, 300, 300));
            days.Where(d => d.Registrations > 0).ToDictionary(d => d.Day, d => d.Registrations)
                .ShouldBe(people.GroupBy(p => Increments.Day(p.CreatedAt)).ToDictionary(g => g.Key, g => (long)g.Count()), ignoreOrder: true);
            (await database.Set<CountryFigures>().Where(f => f.DirectoryId == home.Id).ToDictionaryAsync(f => f.Country, f => f.Users))
                .ShouldBe(people.GroupBy(p => p.Country ?? "").ToDictionary(g => g.Key, g => (long)g.Count()), ignoreOrder: true);
            var month = Increments.Month(server.Time.GetUtcNow());
            (await database.Set<MonthlyFigures>().SingleAsync(f => f.DirectoryId == home.Id && f.Month == month)).MonthlyActiveUsers
                .ShouldBe(people.Count(p => p.LastActiveMonth == month));
        });
        (await server.SignInAsync("seeded", "p7", Password)).Status.ShouldBe(HttpStatusCode.SeeOther);
        var admin = await server.AdminAsync();
        var named = await admin.GetFromJsonAsync<JsonElement>("/api/v1/users?directory=seeded&name=per%20p29&limit=200");
        named.GetProperty("items").GetArrayLength().ShouldBe(11, "p29 and p290 to p299");

        await server.InScopeAsync(services => Seeding(services).AddExpiredAsync(new ExpiredPlan("seeded", 40, 30, 20, 10), new Silent(), default));
        server.Time.Advance(TimeSpan.FromMinutes(11));
        await Eventually.TrueAsync(async () => await LeftAsync(server) == 1, seconds: 60);
    }

    /// <summary>Sessions, codes, sign-ups, grants and refresh tokens; the session of the sign-in stays.</summary>
    private static async Task<int> LeftAsync(PeopleServer server)
    {
        var left = 0;
        await server.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<IdentityContext>();
            left = await database.Sessions.CountAsync() + await database.OneTimeCodes.CountAsync() + await database.PendingSignUps.CountAsync()
                + await database.Grants.CountAsync() + await database.RefreshTokens.CountAsync();
        });
        return left;
    }

    private static PeopleSeeding Seeding(IServiceProvider services) => services.GetRequiredService<PeopleSeeding>();

    private sealed class Silent : IProgress<long>
    {
        public void Report(long value)
        {
        }
    }
}
