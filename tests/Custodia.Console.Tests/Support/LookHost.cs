using System.Net;
using Custodia.Console.Tests.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Console.Tests.Support;

/// <summary>A small server on a free port with one page of each layout, wired as the product is.</summary>
public sealed class LookHost : IAsyncLifetime
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly WebApplication _app = Build();

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<HttpResponseMessage> PostAsync(
        string path, IEnumerable<(string Name, string Value)> form, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))), headers);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path)) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _client.SendAsync(request, CancellationToken.None);
    }

    public async Task<string> PageAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await GetAsync(path, headers);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync();
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddConsoleLook();
        builder.Services.AddSingleton(new NavItem(NavArea.Overview, () => "Dashboard", "/console", "home", 1));
        builder.Services.AddSingleton(new NavItem(NavArea.Settings, () => "Rooms", "/console/rooms", "folder", 1, "rooms.read"));
        builder.Services.AddSingleton(new NavItem(NavArea.Settings, () => "Vault", "/console/vault", "lock", 2, "vault.read"));
        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseConsoleLocalization();
        app.UseAntiforgery();
        app.MapConsoleAssets();
        MapPages(app);
        return app;
    }

    private static void MapPages(WebApplication app)
    {
        app.MapGet("/public", () => Page.Show<PublicPage>());
        app.MapGet("/small", () => Page.Show<SmallPage>());
        app.MapPost("/small", Refuse);
        app.MapGet("/branded", (HttpContext http, string? colour) =>
        {
            PageFrame.Of(http).Brand = new Brand("Acme & Sons", null, colour ?? "#7a2fb5");
            SecurityHeaders.AllowFormAction(http, new Uri("https://user:secret@shop.example:8443/callback?x=1"));
            SecurityHeaders.AllowFormAction(http, new Uri("com.example.app:/callback"));
            return Page.Show<SmallPage>();
        });
        app.MapGet("/own", (HttpContext http) =>
        {
            PageFrame.Of(http).Links = [new("Profile", "/own", "user"), new("Security", "/own/security")];
            PageFrame.Of(http).Viewer = new Viewer("Ada <3", "demo", _ => false, "/sign-out", "/own");
            return Page.Show<OwnPage>();
        });
        app.MapGet("/console/rooms", (HttpContext http, int? count, string? older) =>
        {
            PageFrame.Of(http).Viewer = new Viewer("Ada <3", "demo", p => p == "rooms.read", "/sign-out", "/own");
            return Page.Show<ListPage>(new { Rooms = Enumerable.Range(1, count ?? 3).Select(i => $"Room {i}").ToArray(), Older = older });
        });
        app.MapGet("/console/everything", () => Page.Show<EverythingPage>());
        app.MapGet("/broken", string () => throw new InvalidOperationException("the secret reason"));
        app.MapGet("/api/v1/broken", string () => throw new InvalidOperationException("the secret reason"));
        app.MapGet("/left", () => new SeeOther("/small"));
        app.MapGet("/conflict", () => Results.Problem(title: "Words for programs", statusCode: StatusCodes.Status409Conflict));
        app.MapGet("/forbidden", () => Results.Problem(title: "Words for programs", statusCode: StatusCodes.Status403Forbidden));
    }

    private static IResult Refuse([FromForm] IFormCollection posted)
    {
        var form = new FormState(posted);
        form.Fail("email", "Not an <address>.").Fail("The pair does not match.");
        return Page.Invalid<SmallPage>(new { Form = form });
    }
}

/// <summary>One server for all tests.</summary>
[CollectionDefinition(Name)]
public sealed class LookCollection : ICollectionFixture<LookHost>
{
    public const string Name = "look";
}
