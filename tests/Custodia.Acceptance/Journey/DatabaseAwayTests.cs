using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Custodia.Acceptance.Journey;

/// <summary>A database that restarts takes nobody with it: the server says that it is not ready, and goes on when the database does.</summary>
public sealed class DatabaseAwayTests(PostgreSqlServer database) : IClassFixture<PostgreSqlServer>
{
    private static readonly Uri Ready = new("/health/ready", UriKind.Relative);

    [EngineFact(Engines.PostgreSql)]
    public async Task The_server_outlives_a_restart_of_its_database()
    {
        var connection = await database.NewDatabaseAsync();
        await using var server = await CustodiaServer.StartAsync(s =>
        {
            s.Settings["Custodia:Storage:Provider"] = "PostgreSql";
            s.Settings["Custodia:Storage:ConnectionString"] = connection;
        });
        var client = server.Client();
        (await client.GetAsync(Ready)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var stopping = server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

        await database.StopAsync();
        // Every worker looks meanwhile, the one of the keys once an hour.
        for (var i = 0; i < 20; i++)
        {
            server.Time.Advance(TimeSpan.FromMinutes(61));
            await Task.Delay(250);
        }

        stopping.IsCancellationRequested.ShouldBeFalse("a worker that found no database has stopped the server");
        (await client.GetAsync(Ready)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var asked = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "somebody"), new("client_secret", "something")]);
        await UnavailableAsync(await client.PostAsync(new Uri("/d/customers/token", UriKind.Relative), asked), "urn:custodia:problem:unavailable");
        using var page = new HttpRequestMessage(HttpMethod.Get, "/d/customers/sign-in");
        page.Headers.Accept.ParseAdd("text/html");
        await UnavailableAsync(await client.SendAsync(page), "may not have been saved");

        await database.StartAsync();
        await UntilAsync(async () => (await client.GetAsync(Ready)).StatusCode == HttpStatusCode.OK);
        var admin = await server.AdminAsync();
        var made = await admin.PostAsJsonAsync("/api/v1/users", new { directory = "customers", userName = "after-the-restart" });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var person = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        (await admin.DeleteAsync(new Uri($"/api/v1/users/{person}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await UntilAsync(async () => (await admin.GetAsync(new Uri($"/api/v1/users/{person}", UriKind.Relative))).StatusCode == HttpStatusCode.NotFound);
        stopping.IsCancellationRequested.ShouldBeFalse();
    }

    private static async Task UnavailableAsync(HttpResponseMessage answer, string text)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await answer.Content.ReadAsStringAsync()).ShouldContain(text);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 300; i++)
        {
            if (await holds()) return;
            await Task.Delay(200);
        }

        Assert.Fail("It did not happen.");
    }
}
