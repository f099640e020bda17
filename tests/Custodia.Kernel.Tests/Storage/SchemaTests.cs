using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Tests.Hosting;
using Custodia.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Tests.Storage;

public sealed class SchemaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_start_applies_nothing()
    {
        IReadOnlyList<AppliedScript> first;
        await using (var host = await KernelHost.StartAsync(_folder)) first = await AppliedAsync(host);
        first.ShouldNotBeEmpty();
        await using var again = await KernelHost.StartAsync(_folder);
        (await AppliedAsync(again)).Select(s => (s.Module, s.Number, s.AppliedAt)).ShouldBe(first.Select(s => (s.Module, s.Number, s.AppliedAt)));
    }

    [Fact]
    public async Task A_database_made_with_another_script_is_refused()
    {
        await using (await KernelHost.StartAsync(_folder))
        {
        }

        Execute("UPDATE kernel_schema SET sha256 = 'other' WHERE module = 'kernel' AND number = 1");
        var refused = await Should.ThrowAsync<StartRefusedException>(async () => await KernelHost.StartAsync(_folder));
        refused.Message.ShouldBe("Schema script 0001 of kernel is not the one that this database was made with.");
        refused.ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task A_database_that_a_newer_version_has_used_is_refused()
    {
        await using (await KernelHost.StartAsync(_folder))
        {
        }

        Execute("INSERT INTO kernel_schema (module, number, sha256, applied_at) VALUES ('kernel', 9999, 'later', 0)");
        var refused = await Should.ThrowAsync<StartRefusedException>(async () => await KernelHost.StartAsync(_folder));
        refused.Message.ShouldContain("a newer version has used it");
    }

    [Fact]
    public void Scripts_are_numbered_without_a_gap()
    {
        foreach (var provider in Enum.GetValues<StorageProvider>())
            SchemaScripts.Of("kernel", typeof(KernelContext).Assembly, provider).Select(s => s.Number).ShouldBe(Enumerable.Range(1, SchemaScripts.Of("kernel", typeof(KernelContext).Assembly, provider).Count));
    }

    private static Task<List<AppliedScript>> AppliedAsync(KernelHost host) =>
        host.WithKernelAsync(k => k.AppliedScripts.AsNoTracking().OrderBy(s => s.Module).ThenBy(s => s.Number).ToListAsync());

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("data", "main", "custodia.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery().ShouldBe(1);
    }
}
