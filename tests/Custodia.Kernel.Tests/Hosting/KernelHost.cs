using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Custodia.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Tests.Hosting;

/// <summary>The kernel with its workers and without the web, on a data directory of the test's own.</summary>
internal sealed class KernelHost : IAsyncDisposable
{
    private readonly IHost _host;

    private KernelHost(IHost host, ManualTime time) => (_host, Time) = (host, time);

    public ManualTime Time { get; }

    public IServiceProvider Services => _host.Services;

    public static async Task<KernelHost> StartAsync(
        TemporaryFolder folder,
        Action<ModuleBuilder>? module = null,
        ManualTime? time = null,
        params (string Name, string Value)[] settings)
    {
        time ??= new ManualTime();
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Custodia:DataDirectory"] = folder.File("data") });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>($"Custodia:{s.Name}", s.Value)));
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
        builder.Services.AddCustodia(builder.Configuration, builder.Environment, [new OneModule(module ?? (_ => { }))]);
        var host = new KernelHost(builder.Build(), time);
        try
        {
            await host.Services.GetRequiredService<StartSequence>().RunAsync(StartOrder.FirstStart, CancellationToken.None);
            await host._host.StartAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Works with the kernel's context in a scope of its own.</summary>
    public async Task<T> WithKernelAsync<T>(Func<KernelContext, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<KernelContext>());
    }

    public Task WithKernelAsync(Func<KernelContext, Task> work) =>
        WithKernelAsync<object?>(async kernel =>
        {
            await work(kernel);
            return null;
        });

    /// <summary>Waits until something is so; fails after a minute, which a busy machine keeps.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(limit) > TimeSpan.FromMinutes(1)) throw new TimeoutException($"Did not come: {what}.");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _host.StopAsync(limit.Token);
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else _host.Dispose();
    }

    private sealed class OneModule(Action<ModuleBuilder> add) : IModule
    {
        public string Name => "testing";

        public void Add(ModuleBuilder module) => add(module);

        public void Map(IEndpointRouteBuilder routes)
        {
        }
    }
}
