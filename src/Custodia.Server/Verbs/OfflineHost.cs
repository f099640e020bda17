using System.CommandLine;
using Custodia.Kernel.Hosting;

namespace Custodia.Server.Verbs;

/// <summary>
/// The kernel and the modules without the web: what a verb works with. Hosted services do not run.
/// </summary>
/// <example><code>
/// await using var host = await OfflineHost.StartAsync(parsed, StartOrder.Schema, cancellation);
/// var vault = host.Services.GetRequiredService&lt;DataVault&gt;();
/// </code></example>
internal sealed class OfflineHost : IDisposable, IAsyncDisposable
{
    private readonly IHost _host;

    private OfflineHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    /// <summary>Registers everything and touches nothing.</summary>
    public static OfflineHost Build(ParseResult parsed) => Build(Settings.Of(parsed));

    /// <inheritdoc cref="Build(ParseResult)"/>
    /// <param name="settings">As ASP.NET Core reads them from a command line.</param>
    public static OfflineHost Build(string[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = settings,
            ApplicationName = "custodia",
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"),
        });
        // Standard output belongs to the verb's answer.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddLineLog(builder.Configuration, onError: true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddCustodia(builder.Configuration, builder.Environment, Modules.All);
        return new OfflineHost(builder.Build());
    }

    /// <summary>Runs the steps of the start up to and with <paramref name="upTo"/>.</summary>
    public static Task<OfflineHost> StartAsync(ParseResult parsed, StartOrder upTo, CancellationToken cancellation) => StartAsync(Settings.Of(parsed), upTo, cancellation);

    /// <inheritdoc cref="StartAsync(ParseResult, StartOrder, CancellationToken)"/>
    /// <param name="settings">As ASP.NET Core reads them from a command line.</param>
    public static async Task<OfflineHost> StartAsync(string[] settings, StartOrder upTo, CancellationToken cancellation)
    {
        var host = Build(settings);
        try
        {
            await host.Services.GetRequiredService<StartSequence>().RunAsync(upTo, cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public void Dispose() => _host.Dispose();

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else _host.Dispose();
    }
}
