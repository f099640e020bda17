using System.Net;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Tests.Http;
using Custodia.Testing;
using Microsoft.AspNetCore.Builder;

namespace Custodia.Kernel.Tests.Access;

public sealed class StartCheckTests
{
    [Fact]
    public async Task Endpoints_that_do_not_say_who_may_call_them_stop_the_start_and_all_are_named()
    {
        var module = new PlainModule
        {
            AlsoMap = routes =>
            {
                routes.MapGet("/open-one", () => "x");
                routes.MapPost("/open-two/{id}", (int id) => id);
                routes.MapGet("/misspelt", () => "x").RequirePermission("testing.thing.read");
                routes.MapGet("/no-directory", () => "x").RequireUser();
            },
        };
        var refused = await Should.ThrowAsync<StartRefusedException>(() => CustodiaServer.StartAsync(s => s.Modules = [module]));
        refused.Message.Split('\n').ShouldBe(
            [
                "GET /open-one: the endpoint does not say who may call it.",
                "POST /open-two/{id}: the endpoint does not say who may call it.",
                "GET /misspelt: no module has registered the permission 'testing.thing.read'.",
                "GET /no-directory: a person's endpoint needs the route value 'directory'.",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Without_anybody_who_knows_callers_only_open_endpoints_answer()
    {
        await using var server = await CustodiaServer.StartAsync(s => s.Modules = [new PlainModule { WithCallers = false }]);
        (await server.Client("administrator").GetAsync("/api/v1/testing/read")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Browser().GetAsync("/console/testing")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Client().GetAsync("/api/v1/testing/facts")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_worker_on_its_own_answers_health_and_nothing_else()
    {
        await using var server = await CustodiaServer.StartAsync(s =>
        {
            s.Modules = [new PlainModule()];
            s.Settings["Custodia:Roles"] = "worker";
        });
        (await server.Client().GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.Client().GetAsync("/api/v1/testing/facts")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void Roles_have_the_permissions_that_modules_gave_them()
    {
        var catalogue = new DataCatalogue();
        catalogue.Permissions.Add(new Permission("a.read", Role.Auditor, Role.Developer));
        catalogue.Permissions.Add(new Permission("a.write", Role.Developer));
        var permissions = new PermissionCatalogue(catalogue);
        permissions.Of([Role.Auditor]).ShouldBe(["a.read"]);
        permissions.Of([Role.Auditor, Role.Developer]).ShouldBe(["a.read", "a.write"], ignoreOrder: true);
        permissions.Of(["nobody"]).ShouldBeEmpty();
        permissions.All.Count.ShouldBe(2);
    }
}
