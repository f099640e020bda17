using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Custodia.Kernel.Streams;
using Custodia.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.People;

/// <summary>A server with sample content, cheap hashes and limits out of the way.</summary>
public class PeopleServer : CustodiaServer
{
    /// <summary>Of every sample person; see the documentation.</summary>
    public const string SamplePassword = "just-for-the-demo";

    public static async Task<PeopleServer> StartNewAsync(Action<PeopleServer>? change = null)
    {
        var server = new PeopleServer();
        change?.Invoke(server);
        await server.InitializeAsync();
        return server;
    }

    public Visitor Visitor() => new(this);

    /// <summary>The six digits of the newest mail to an address.</summary>
    public async Task<string> CodeForAsync(string address)
    {
        var mail = (await OutboxAsync(address)).First(m => m.Origin == "identity.code");
        return Regex.Match(mail.Text, "[0-9]{6}").Value;
    }

    /// <summary>Signs somebody up and returns their browser, signed in.</summary>
    /// <param name="from">The address from which they come; see <see cref="People.Visitor.From"/>.</param>
    public async Task<Visitor> SignUpAsync(string email, string password = "a-quite-long-phrase", string? userName = null, string? displayName = null, string? from = null)
    {
        var visitor = Visitor();
        visitor.From = from;
        await visitor.OpenAsync("/d/customers/sign-up");
        await visitor.PostAsync("/d/customers/sign-up", ("email", email), ("password", password), ("user-name", userName ?? ""), ("display-name", displayName ?? ""));
        visitor.Status.ShouldBe(HttpStatusCode.OK);
        await visitor.PostAsync("/d/customers/sign-up/code", ("id", visitor.Hidden("id")), ("code", await CodeForAsync(email)));
        visitor.Status.ShouldBe(HttpStatusCode.SeeOther);
        return visitor;
    }

    /// <summary>Signs a sample person in with their password.</summary>
    public async Task<Visitor> SignInAsync(string directory, string name, string password = SamplePassword)
    {
        var visitor = Visitor();
        await visitor.OpenAsync($"/d/{directory}/sign-in");
        await visitor.PostAsync($"/d/{directory}/sign-in", ("name", name), ("password", password));
        return visitor;
    }

    public async Task<Guid> UserIdAsync(string email)
    {
        var list = await (await AdminAsync()).GetFromJsonAsync<JsonElement>($"/api/v1/users?directory=customers&email={Uri.EscapeDataString(email)}");
        return list.GetProperty("items").EnumerateArray().Single().GetProperty("id").GetGuid();
    }

    public async Task<JsonElement> StatisticsAsync() =>
        await (await AdminAsync()).GetFromJsonAsync<JsonElement>("/api/v1/statistics?directory=customers");

    public async Task<IReadOnlyList<StreamEntry>> LogAsync(string category, Guid? person = null, long? account = null)
    {
        var streams = Services.GetRequiredService<LogStreams>();
        var page = await streams.QueryAsync(new StreamQuery(category, account ?? await AccountAsync()) { Person = person, Limit = 200 }, default);
        return page.Entries;
    }

    public async Task<long> AccountAsync() =>
        (await (await AdminAsync()).GetFromJsonAsync<JsonElement>("/api/v1/account")).GetProperty("uin").GetInt64();

    public async Task InScopeAsync(Func<IServiceProvider, Task> work)
    {
        await using var scope = Services.CreateAsyncScope();
        await work(scope.ServiceProvider);
    }

    protected override void Prepare()
    {
        foreach (var (name, value) in new[] { ("AttemptsPerName", "100000"), ("AttemptsPerAddress", "100000"), ("CodesPerRecipient", "100000") })
            Settings.TryAdd($"Custodia:Identity:{name}", value);
    }
}
