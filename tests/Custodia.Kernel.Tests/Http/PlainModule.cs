using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Tests.Http;

/// <summary>Endpoints of every kind, and callers by plain tokens: what the kernel does around them is what is tested.</summary>
internal sealed class PlainModule : IModule
{
    public Action<ModuleBuilder> Also { get; init; } = _ => { };

    public Action<IEndpointRouteBuilder> AlsoMap { get; init; } = _ => { };

    public bool WithCallers { get; init; } = true;

    public string Name => "testing";

    public void Add(ModuleBuilder module)
    {
        module.AddPermissions(new("testing.things.read", Role.Auditor, Role.Administrator), new("testing.things.write", Role.Administrator));
        if (WithCallers) module.Services.AddSingleton<ICallerResolver, TokenCallers>();
        Also(module);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/testing");
        api.MapPost("/things", (Thing thing) => TypedResults.Ok(thing)).AllowAnyone("Test");
        api.MapGet("/things/{id:guid}", (Guid id) => TypedResults.Ok(id)).AllowAnyone("Test");
        api.MapGet("/numbers/{number}", (int number, int? limit) => TypedResults.Ok(number + (limit ?? 0))).AllowAnyone("Test");
        api.MapGet("/facts", (HttpContext http) => TypedResults.Ok(new { ip = Kernel.Http.RequestFactsAccess.Facts(http).ClientIp.ToString(), scheme = http.Request.Scheme })).AllowAnyone("Test");
        api.MapGet("/fail", string () => throw new InvalidOperationException("secret detail")).AllowAnyone("Test");
        api.MapGet("/read", (HttpContext http) => TypedResults.Ok(http.Caller().Name)).RequirePermission("testing.things.read");
        api.MapPost("/write", () => TypedResults.NoContent()).RequirePermission("testing.things.write", adminArea: "things");
        api.MapPost("/write-fail", IResult () => throw new InvalidOperationException("secret detail")).RequirePermission("testing.things.write", adminArea: "things");
        routes.MapGet("/console/testing", () => TypedResults.Text("console", "text/html")).RequirePermission("testing.things.read");
        routes.MapPost("/console/testing", () => TypedResults.Text("changed", "text/html")).RequirePermission("testing.things.read");
        routes.MapGet("/account/{directory}/testing", (HttpContext http) => TypedResults.Text(http.Caller().Directory)).RequireUser();
        AlsoMap(routes);
    }
}

internal enum Colour
{
    DarkRed,
    Blue,
}

internal sealed record Thing(string Name, int Count, Colour Colour, Part? Part = null);

internal sealed record Part(string Code);

/// <summary>A caller for each word: <c>Bearer auditor</c> is a sub-account with that role, <c>Bearer user:customers</c> a person.</summary>
internal sealed class TokenCallers(PermissionCatalogue permissions) : ICallerResolver
{
    private static readonly Guid Somebody = Guid.CreateVersion7();

    public ValueTask<Caller?> ResolveAsync(HttpContext http, AccessRule rule, CancellationToken cancellation)
    {
        var token = http.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        if (token.Length == 0) token = http.Request.Headers["X-Auth-Token"].ToString();
        if (token.Length == 0) token = http.Request.Cookies["session"] ?? "";
        return ValueTask.FromResult(Of(token));
    }

    public string SignInPath(HttpContext http, AccessRule rule) => $"/d/staff/sign-in?return={Uri.EscapeDataString(http.Request.Path)}";

    private Caller? Of(string token)
    {
        if (token.StartsWith("user:", StringComparison.Ordinal))
            return new Caller(CallerKind.User, 1001, 1, Somebody, 0, "ann", token["user:".Length..], RequestSource.Console, "s1");
        if (!Role.All.Contains(token)) return null;
        return new Caller(CallerKind.SubAccount, 1001, 1, Somebody, 5, token, "staff", RequestSource.Api, "t1") { Roles = [token], Permissions = permissions.Of([token]) };
    }
}
