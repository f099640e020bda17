using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Tests.Hosting;
using Custodia.Kernel.Tests.Messaging;
using Custodia.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Tests.Storage;

public sealed class PostgreSqlTests(PostgreSqlServer postgres) : IClassFixture<PostgreSqlServer>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [EngineFact(Engines.PostgreSql)]
    public async Task Events_are_delivered_from_a_postgresql_outbox()
    {
        var calls = new Calls();
        await using var host = await KernelHost.StartAsync(_folder, calls.AddTo, null, ("Storage:Provider", "PostgreSql"), ("Storage:ConnectionString", await postgres.NewDatabaseAsync()));
        await host.WithKernelAsync(async kernel =>
        {
            await host.Services.GetRequiredService<Outbox>().PublishAsync(kernel, 1, Guid.CreateVersion7(), new Happened("hello"), CancellationToken.None);
            await kernel.SaveChangesAsync();
        });
        await KernelHost.UntilAsync(() => host.WithKernelAsync(async k => !await k.Outbox.AnyAsync()), "an empty outbox");
        calls.Of("first").ShouldBe(["hello"]);
        calls.Of("second").ShouldBe(["hello"]);
    }

    [EngineFact(Engines.PostgreSql)]
    public async Task One_process_at_a_time_holds_the_lease_of_a_work()
    {
        var options = Options.Create(new CustodiaOptions { Storage = { Provider = StorageProvider.PostgreSql, ConnectionString = await postgres.NewDatabaseAsync() } });
        var first = new WorkLease(options, "outbox");
        await using var second = new WorkLease(options, "outbox");
        await using var other = new WorkLease(options, "messages");
        (await first.HoldsAsync(CancellationToken.None)).ShouldBeTrue();
        (await first.HoldsAsync(CancellationToken.None)).ShouldBeTrue();
        (await second.HoldsAsync(CancellationToken.None)).ShouldBeFalse();
        (await other.HoldsAsync(CancellationToken.None)).ShouldBeTrue();
        await first.DisposeAsync();
        (await second.HoldsAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [EngineFact(Engines.PostgreSql)]
    public async Task A_database_that_cannot_be_reached_is_named_by_its_setting()
    {
        var refused = await Should.ThrowAsync<ConfigurationException>(async () => await KernelHost.StartAsync(
            _folder, null, null, ("Storage:Provider", "PostgreSql"), ("Storage:ConnectionString", $"Host=127.0.0.1;Port={CustodiaProcess.FreePort()};Username=nobody;Password=hunter2;Timeout=2")));
        refused.Setting.ShouldBe("Custodia:Storage");
        refused.Message.ShouldNotContain("hunter2");
    }
}
