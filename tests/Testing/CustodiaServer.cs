using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Custodia.Kernel.Hosting;
using Custodia.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Custodia.Testing;

/// <summary>
/// The real server in this process: real Kestrel on a free port of loopback, a data directory of its own, a clock that can be
/// moved. Use it as a class fixture, or derive to change settings, or <see cref="StartAsync(Action{CustodiaServer}?)"/> one in a test.
/// </summary>
public class CustodiaServer : IAsyncLifetime, IAsyncDisposable
{
    private readonly TemporaryFolder _own = new();
    private readonly List<HttpClient> _clients = [];
    private Socket? _socket;
    private WebApplication? _app;

    /// <summary>Settings by full name, e.g. <c>Custodia:Region</c>. Change them before the start.</summary>
    public Dictionary<string, string?> Settings { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        // Tests of limits set their own.
        ["Custodia:Http:RequestsPerMinute"] = "1000000",
        ["Custodia:Http:RequestsPerMinutePerCaller"] = "1000000",
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
    };

    /// <summary>Development has <c>/outbox</c>, <c>/demo</c> and, unless <c>Custodia:SampleContent</c> is false, sample content.</summary>
    public string Environment { get; set; } = Environments.Development;

    public ManualTime Time { get; set; } = new();

    /// <summary>Where the data lies; a folder of its own unless set before the start (then it is kept).</summary>
    public string DataDirectory { get; set; }

    /// <summary>Modules of the server; default: all of the product's.</summary>
    public IReadOnlyList<IModule>? Modules { get; set; }

    /// <summary>Further settings and services; applied before the server registers its own, which respect what is there (TryAdd) or come after it.</summary>
    public Action<WebApplicationBuilder>? Adjust { get; set; }

    public CustodiaServer() => DataDirectory = _own.File("data");

    /// <summary>Host of <see cref="Url"/>. Passkeys need a name, <c>localhost</c>: browsers make none for addresses.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>Address without trailing slash, e.g. <c>http://127.0.0.1:40123</c>.</summary>
    public string Url { get; private set; } = "";

    public IServiceProvider Services => App.Services;

    private WebApplication App => _app ?? throw new InvalidOperationException("The server has not been started.");

    /// <summary>Starts a server of its own for one test.</summary>
    public static async Task<CustodiaServer> StartAsync(Action<CustodiaServer>? change = null)
    {
        var server = new CustodiaServer();
        change?.Invoke(server);
        try
        {
            await server.InitializeAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>For fixtures that derive: changes settings before the start.</summary>
    protected virtual void Prepare()
    {
    }

    public async Task InitializeAsync()
    {
        Prepare();
        // Hashing passwords is slow by intent; the tests of its cost set their own.
        if (Modules is null) Settings.TryAdd("Custodia:Identity:PasswordIterations", "1000");
        // Bound here and handed over, so that the port is known before the first start writes addresses, and cannot be taken meanwhile.
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Url = $"http://{Host}:{((IPEndPoint)_socket.LocalEndPoint!).Port}";
        _app = Modules is null ? CustodiaApp.Build(["--environment", Environment], Configure) : CustodiaApp.Build(["--environment", Environment], Configure, Modules);
        await CustodiaApp.PrepareAsync(_app);
        await _app.StartAsync();

        void Configure(WebApplicationBuilder builder)
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
            {
                ["Custodia:DataDirectory"] = DataDirectory,
                ["Custodia:PublicUrl"] = Url,
            });
            builder.Configuration.AddInMemoryCollection(Settings);
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenHandle((ulong)_socket!.Handle));
            builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
            Adjust?.Invoke(builder);
        }
    }

    /// <summary>Stops the server as an administrator would and leaves the data.</summary>
    public async Task StopAsync()
    {
        if (_app is null) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
        _socket?.Dispose();
    }

    /// <summary>A client that keeps no cookies and follows no redirects.</summary>
    public HttpClient Client(string? token = null)
    {
        var client = Track(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false });
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client that behaves as a browser does: keeps cookies, follows redirects, prefers pages.</summary>
    public HttpClient Browser()
    {
        var client = Track(new SocketsHttpHandler { UseCookies = true, AllowAutoRedirect = true, UseProxy = false });
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        return client;
    }

    /// <summary>What <c>initial-admin.json</c> says.</summary>
    public async Task<InitialAdmin> InitialAdminAsync()
    {
        await using var file = File.OpenRead(Path.Combine(DataDirectory, "initial-admin.json"));
        return (await JsonSerializer.DeserializeAsync<InitialAdmin>(file, JsonSerializerOptions.Web))!;
    }

    /// <summary>A client with an API token of the first administrator's application.</summary>
    public async Task<HttpClient> AdminAsync()
    {
        var admin = await InitialAdminAsync();
        return Client(await admin.TokenAsync(Client()));
    }

    /// <summary>Messages that were sent to an address (or to anybody) so far, newest first.</summary>
    public async Task<IReadOnlyList<OutboxItem>> OutboxAsync(string? to = null)
    {
        var address = to is null ? "/outbox.json" : $"/outbox.json?to={Uri.EscapeDataString(to)}";
        var text = await Client().GetStringAsync(address);
        return JsonSerializer.Deserialize<OutboxItem[]>(text, JsonSerializerOptions.Web)!;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var client in _clients) client.Dispose();
        _socket?.Dispose();
        _own.Dispose();
        GC.SuppressFinalize(this);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    private HttpClient Track(SocketsHttpHandler handler)
    {
        var client = TestHttp.Client(handler);
        client.BaseAddress = new Uri(Url);
        _clients.Add(client);
        return client;
    }
}
