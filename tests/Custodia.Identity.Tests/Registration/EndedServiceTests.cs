using System.Net;
using System.Net.Http.Json;
using Custodia.Identity.Tests.People;
using Custodia.Kernel.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Registration;

public sealed class EndedServiceTests
{
    [Fact]
    public async Task Nobody_joins_and_no_application_is_made_once_the_account_has_ended_the_service()
    {
        await using var server = await PeopleServer.StartNewAsync();
        var admin = await server.AdminAsync();
        var account = await server.AccountAsync();
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        await visitor.PostAsync("/d/customers/sign-up", ("email", "late@example.com"), ("password", "a-quite-long-phrase"));
        var id = visitor.Hidden("id");
        await server.InScopeAsync(services => services.GetRequiredService<AccountServices>().TerminateAsync(account, AccountServices.Identity, default));

        await visitor.PostAsync("/d/customers/sign-up/code", ("id", id), ("code", await server.CodeForAsync("late@example.com")));
        visitor.Status.ShouldBe(HttpStatusCode.Forbidden);
        var another = await server.Visitor().OpenAsync("/d/customers/sign-up");
        another.Html.ShouldNotContain("name=\"password\"");
        // The page has no form; the token of another one will do.
        await another.OpenAsync("/d/customers/sign-in");
        await another.PostAsync("/d/customers/sign-up", ("email", "later@example.com"), ("password", "a-quite-long-phrase"));
        another.Status.ShouldBe(HttpStatusCode.Forbidden);
        using var application = await admin.PostAsJsonAsync("/api/v1/applications", new { directory = "customers", kind = "web", name = "Late", redirectUris = new[] { "https://late.example/cb" } });
        application.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var invited = await admin.PostAsJsonAsync("/api/v1/directories/customers/invitations", new { email = "late@example.com" });
        invited.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }
}
