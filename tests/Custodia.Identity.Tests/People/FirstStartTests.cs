using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.People;

public sealed class FirstStartTests
{
    [Fact]
    public async Task Production_begins_with_the_first_account_alone()
    {
        await using var server = await PeopleServer.StartNewAsync(s => s.Environment = "Production");
        var file = Path.Combine(server.DataDirectory, "initial-admin.json");
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var properties = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.EnumerateObject().Select(p => p.Name);
        properties.ShouldBe(["issuer", "clientId", "clientSecret", "userName", "password"]);
        var admin = await server.AdminAsync();
        var directories = await admin.GetFromJsonAsync<JsonElement>("/api/v1/directories");
        directories.GetProperty("items").EnumerateArray().Select(d => d.GetProperty("name").GetString()).ShouldBe(["staff"]);
        (await admin.GetFromJsonAsync<JsonElement>("/api/v1/sub-accounts")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task The_owner_signs_in_with_what_the_file_says_and_a_second_start_changes_nothing()
    {
        await using var server = await PeopleServer.StartNewAsync();
        var admin = await server.InitialAdminAsync();
        var people = await CountAsync(server);
        await server.StopAsync();
        await server.InitializeAsync();
        (await server.InitialAdminAsync()).ClientSecret.ShouldBe(admin.ClientSecret);
        (await CountAsync(server)).ShouldBe(people);
        var owner = await server.SignInAsync("staff", admin.UserName, admin.Password);
        owner.Location.ShouldBe("/console");
        (await owner.OpenAsync("/console")).Html.ShouldContain("Overview");
    }

    private static async Task<(int Accounts, int Directories, int Users, int Applications)> CountAsync(PeopleServer server)
    {
        var counts = (0, 0, 0, 0);
        await server.InScopeAsync(async services =>
        {
            var context = services.GetRequiredService<IdentityContext>();
            counts = (await context.Accounts.CountAsync(), await context.Directories.CountAsync(), await context.Users.CountAsync(), await context.Applications.CountAsync());
        });
        return counts;
    }
}
