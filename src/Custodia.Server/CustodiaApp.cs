using Custodia.Console;
using Custodia.Console.Outbox;
using Custodia.Console.Privacy;
using Custodia.Console.Protection;
using Custodia.Console.Start;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Http;
using Custodia.Kernel.Streams;

namespace Custodia.Server;

/// <summary>Puts the server together.</summary>
public static class CustodiaApp
{
    /// <summary>Name by which files beside the program are found, also when another program (a test) hosts the server.</summary>
    private const string Name = "custodia";

    /// <summary>Builds the server. Everything that must happen before it listens happens at the start of the returned application.</summary>
    /// <param name="args">Settings as ASP.NET Core reads them from a command line, e.g. <c>--urls</c>.</param>
    /// <param name="adjust">Further settings and services, for tests; applied before anything else is registered.</param>
    /// <exception cref="StartRefusedException">A setting is wrong or an endpoint does not say who may call it.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null) => Build(args, adjust, Modules.All);

    /// <summary>Builds the server with other modules than its own.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust, IReadOnlyList<IModule> modules)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.AddLineLog(builder.Configuration);
        adjust?.Invoke(builder);
        var options = builder.Services.AddCustodia(builder.Configuration, builder.Environment, modules);
        if (!SaysWhereToListen(builder.Configuration)) builder.WebHost.UseUrls(options.Http.Urls ?? "http://127.0.0.1:8080");
        builder.Services.AddSingleServer();
        builder.Services.AddConsoleLook();
        builder.Services.AddProtectionPages();
        builder.Services.AddApiDescription();
        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        var app = builder.Build();
        StartAhead.Begin(app.Services);
        app.UseKernelHttp(options, headers => headers.UseSecurityHeaders(), language => language.UseConsoleLocalization());
        Map(app, options, modules);
        EndpointCheck.Verify(((IEndpointRouteBuilder)app).DataSources, app.Services.GetRequiredService<DataCatalogue>());
        return app;
    }

    /// <summary>
    /// Does everything that must be done before hosted services are made: data layout, root key, policy, tables, first start.
    /// </summary>
    /// <exception cref="StartRefusedException">The server must not start.</exception>
    public static Task PrepareAsync(WebApplication app, CancellationToken cancellation = default) =>
        app.Services.GetRequiredService<StartSequence>().RunAsync(StartOrder.FirstStart, cancellation);

    private static void Map(WebApplication app, CustodiaOptions options, IReadOnlyList<IModule> modules)
    {
        app.MapKernel();
        // A worker or scheduler on its own answers health checks and nothing else.
        if (!options.HasRole("web")) return;
        app.MapApiDescription();
        app.MapLogs();
        var open = app.MapGroup("").AllowAnyone("Style sheets, scripts and the switches of language and theme");
        open.MapConsoleAssets();
        app.MapKernelApi();
        app.MapStart();
        app.MapPrivacy();
        app.MapProtectionPages();
        if (app.Environment.IsDevelopment()) app.MapOutbox();
        foreach (var module in modules) module.Map(app);
    }

    private static bool SaysWhereToListen(ConfigurationManager configuration) =>
        new[] { "urls", "http_ports", "https_ports" }.Any(key => !string.IsNullOrEmpty(configuration[key]))
        || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
}
