using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Custodia.Identity.SignUp;
using Custodia.Identity.Sources;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Users;
using Custodia.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Registration;

/// <summary>Twenty people want what one can have, at once, on each database: one gets it, the others the usual answer, and nobody is half made.</summary>
public sealed class LostRaceTests(LostRaceTests.Servers servers) : IClassFixture<LostRaceTests.Servers>
{
    private const int Many = 20;
    private const string Phrase = "a-quite-long-phrase";
    private const string CodePage = "/d/customers/sign-up/code";

    [Fact]
    public Task One_address_on_SQLite() => OneAddressAsync("sqlite");

    [EngineFact(Engines.PostgreSql)]
    public Task One_address_on_PostgreSQL() => OneAddressAsync(Engines.PostgreSql);

    [Fact]
    public Task One_user_name_on_SQLite() => OneUserNameAsync("sqlite");

    [EngineFact(Engines.PostgreSql)]
    public Task One_user_name_on_PostgreSQL() => OneUserNameAsync(Engines.PostgreSql);

    [Fact]
    public Task One_account_elsewhere_on_SQLite() => OneAccountElsewhereAsync("sqlite");

    [EngineFact(Engines.PostgreSql)]
    public Task One_account_elsewhere_on_PostgreSQL() => OneAccountElsewhereAsync(Engines.PostgreSql);

    [Fact]
    public Task One_invitation_and_one_address_on_SQLite() => OneInvitationAsync("sqlite");

    [EngineFact(Engines.PostgreSql)]
    public Task One_invitation_and_one_address_on_PostgreSQL() => OneInvitationAsync(Engines.PostgreSql);

    private async Task OneAddressAsync(string engine)
    {
        var server = await servers.OnAsync(engine);
        var waiting = await BeginAsync(server, _ => "wanted@race.example", _ => "");
        var before = await UsersAsync(server);
        await FinishAsync(waiting);
        OneOf(waiting);
        waiting.Where(w => !IsIn(w.Visitor)).Select(w => w.Visitor.Shape()).Distinct().Count().ShouldBe(1, "all who lost read the same");
        (await UsersAsync(server)).ShouldBe(before + 1);
    }

    private async Task OneUserNameAsync(string engine)
    {
        var server = await servers.OnAsync(engine);
        var waiting = await BeginAsync(server, i => $"namesake{i}@race.example", _ => "wanted-name");
        var before = await UsersAsync(server);
        await FinishAsync(waiting);
        OneOf(waiting);
        (await UsersAsync(server)).ShouldBe(before + 1);

        // Their address is verified: they choose another name, with the same code.
        var lost = waiting.Where(w => !IsIn(w.Visitor)).ToList();
        foreach (var (visitor, _) in lost) visitor.Html.ShouldContain("name=\"user-name\"");
        await Task.WhenAll(lost.Select((w, i) => w.Visitor.PostAsync(CodePage, ("id", w.Visitor.Hidden("id")), ("code", w.Code), ("user-name", $"other-name{i}"))));
        lost.ShouldAllBe(w => IsIn(w.Visitor));
        (await UsersAsync(server)).ShouldBe(before + Many);
    }

    /// <summary>The conflict is found after the user is written, inside the transaction that redeems the code.</summary>
    private async Task OneAccountElsewhereAsync(string engine)
    {
        var server = await servers.OnAsync(engine);
        using var added = await (await server.AdminAsync()).PostAsJsonAsync("/api/v1/directories/customers/sources", new
        {
            name = "raced",
            kind = "oAuth2",
            title = "Raced",
            authorizationEndpoint = "https://elsewhere.example/authorize",
            tokenEndpoint = "https://elsewhere.example/token",
            userinfoEndpoint = "https://elsewhere.example/me",
            clientId = "custodia",
            clientSecret = "secret",
            subjectClaim = "id",
        });
        added.StatusCode.ShouldBe(HttpStatusCode.Created, await added.Content.ReadAsStringAsync());
        List<(Guid Id, string Code)> waiting = [];
        for (var i = 0; i < Many; i++) waiting.Add(await ArrivedAsync(server, $"arrival{i}@race.example"));
        var before = await UsersAsync(server);
        var outcomes = await Task.WhenAll(waiting.Select(w => Task.Run(async () =>
        {
            await using var scope = server.Services.CreateAsyncScope();
            var home = await HomeAsync(scope.ServiceProvider);
            return await scope.ServiceProvider.GetRequiredService<SignUpFinish>().RedeemAsync(home, w.Id, w.Code, null, default);
        })));
        outcomes.Count(o => o is SignUpOutcome.Done).ShouldBe(1);
        outcomes.Count(o => o is SignUpOutcome.Refused).ShouldBe(Many - 1);
        (await UsersAsync(server)).ShouldBe(before + 1, "nobody is there without what they came with");
    }

    private async Task OneInvitationAsync(string engine)
    {
        var server = await servers.OnAsync(engine);
        const string Email = "invited@race.example";
        using var made = await (await server.AdminAsync()).PostAsJsonAsync("/api/v1/directories/customers/invitations", new { email = Email });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var mail = (await server.OutboxAsync(Email)).First(m => m.Origin == "identity.invitation");
        var link = Regex.Match(mail.Text, "/d/customers/invitation\\?key=[A-Za-z0-9_-]+").Value;
        var waiting = (await BeginAsync(server, _ => Email, _ => "")).Take(Many / 2).ToList();
        List<Visitor> invited = [];
        for (var i = 0; i < Many / 2; i++) invited.Add(await server.Visitor().OpenAsync(link));
        var before = await UsersAsync(server);
        await Task.WhenAll(FinishAsync(waiting), Task.WhenAll(invited.Select(v => v.PostAsync("/d/customers/invitation", ("key", v.Hidden("key")), ("password", Phrase)))));

        (waiting.Count(w => IsIn(w.Visitor)) + invited.Count(IsIn)).ShouldBe(1);
        waiting.Where(w => !IsIn(w.Visitor)).ShouldAllBe(w => w.Visitor.Status == HttpStatusCode.UnprocessableEntity);
        invited.Where(v => !IsIn(v)).ShouldAllBe(v => v.Status == HttpStatusCode.Forbidden);
        (await UsersAsync(server)).ShouldBe(before + 1);
    }

    /// <summary>Twenty who have entered everything and hold their code.</summary>
    private static async Task<List<(Visitor Visitor, string Code)>> BeginAsync(PeopleServer server, Func<int, string> email, Func<int, string> userName)
    {
        List<(Visitor, string)> waiting = [];
        for (var i = 0; i < Many; i++)
        {
            var visitor = await server.Visitor().OpenAsync("/d/customers/sign-up");
            await visitor.PostAsync("/d/customers/sign-up", ("email", email(i)), ("password", Phrase), ("user-name", userName(i)), ("display-name", ""));
            visitor.Status.ShouldBe(HttpStatusCode.OK);
            waiting.Add((visitor, await server.CodeForAsync(email(i))));
        }

        return waiting;
    }

    private static Task FinishAsync(IEnumerable<(Visitor Visitor, string Code)> waiting) =>
        Task.WhenAll(waiting.Select(w => w.Visitor.PostAsync(CodePage, ("id", w.Visitor.Hidden("id")), ("code", w.Code))));

    private static async Task<(Guid Id, string Code)> ArrivedAsync(PeopleServer server, string email)
    {
        var id = Guid.Empty;
        await server.InScopeAsync(async services =>
        {
            var home = await HomeAsync(services);
            var source = await services.GetRequiredService<IdentityContext>().AuthenticationSources.SingleAsync(s => s.Name == "raced");
            var data = new SignUpData(new Profile { Email = email }, null, null) { External = new ExternalLink(source.Id, "the-one") };
            id = await services.GetRequiredService<SignUpStart>().SendAsync(home, data, default);
        });
        return (id, await server.CodeForAsync(email));
    }

    private static Task<Directories.Directory> HomeAsync(IServiceProvider services) =>
        services.GetRequiredService<IdentityContext>().Directories.AsNoTracking().SingleAsync(d => d.Name == "customers");

    /// <summary>Rows and figures, which must agree.</summary>
    private static async Task<long> UsersAsync(PeopleServer server)
    {
        var rows = 0L;
        await server.InScopeAsync(async services =>
        {
            var home = await HomeAsync(services);
            rows = await services.GetRequiredService<IdentityContext>().Users.LongCountAsync(u => u.DirectoryId == home.Id);
        });
        (await server.StatisticsAsync()).GetProperty("users").GetInt64().ShouldBe(rows);
        return rows;
    }

    private static void OneOf(IReadOnlyCollection<(Visitor Visitor, string Code)> all)
    {
        all.Count(w => IsIn(w.Visitor)).ShouldBe(1);
        all.Count(w => w.Visitor.Status == HttpStatusCode.UnprocessableEntity).ShouldBe(Many - 1, string.Join(' ', all.Select(w => w.Visitor.Status)));
    }

    private static bool IsIn(Visitor visitor) => visitor.Status == HttpStatusCode.SeeOther && visitor.Cookie("custodia-customers") is not null;

    /// <summary>A server on each database, started when the first test asks.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private readonly PostgreSqlServer _postgres = new();
        private readonly Dictionary<string, PeopleServer> _servers = new(StringComparer.Ordinal);

        public Task InitializeAsync() => _postgres.InitializeAsync();

        public async Task DisposeAsync()
        {
            foreach (var server in _servers.Values) await server.DisposeAsync();
            await _postgres.DisposeAsync();
        }

        public async Task<PeopleServer> OnAsync(string engine)
        {
            if (_servers.TryGetValue(engine, out var known)) return known;
            var connection = engine == Engines.PostgreSql ? await _postgres.NewDatabaseAsync() : null;
            return _servers[engine] = await PeopleServer.StartNewAsync(server =>
            {
                if (connection is null) return;
                server.Settings["Custodia:Storage:Provider"] = "PostgreSql";
                server.Settings["Custodia:Storage:ConnectionString"] = connection;
            });
        }
    }
}
