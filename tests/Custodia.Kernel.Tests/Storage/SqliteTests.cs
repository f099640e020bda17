using System.Text;
using Custodia.Kernel.Delivery;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Tests.Hosting;
using Custodia.Testing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Tests.Storage;

public sealed class SqliteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Deleted_rows_are_in_no_file_after_the_log_was_truncated()
    {
        await using var host = await KernelHost.StartAsync(_folder);
        await host.WithKernelAsync(async kernel =>
        {
            kernel.Services.Add(new AccountService { Account = 7, Service = "canary-55aa", OpenedAt = host.Time.GetUtcNow() });
            await kernel.SaveChangesAsync();
        });
        Files().ShouldContain("canary-55aa");
        await host.WithKernelAsync(async kernel =>
        {
            await kernel.InTransactionAsync(token => kernel.Services.Where(s => s.Account == 7).ExecuteDeleteAsync(token), CancellationToken.None);
            (await kernel.TruncateWalAsync(CancellationToken.None)).ShouldBeTrue();
        });
        Files().ShouldNotContain("canary-55aa");
    }

    [Fact]
    public async Task Many_writers_wait_for_each_other_and_none_fails()
    {
        await using var host = await KernelHost.StartAsync(_folder);
        await host.WithKernelAsync(async kernel =>
        {
            kernel.MessageCounts.Add(new MessageCount { Account = 1, Month = "2026-11", Channel = Channel.Mail });
            await kernel.SaveChangesAsync();
        });
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) => await host.WithKernelAsync(kernel => kernel.InTransactionAsync(
            async token =>
            {
                var count = await kernel.MessageCounts.SingleAsync(token);
                count.Count++;
                await kernel.SaveChangesAsync(token);
            },
            CancellationToken.None)));
        (await host.WithKernelAsync(k => k.MessageCounts.AsNoTracking().SingleAsync())).Count.ShouldBe(200);
    }

    [Fact]
    public async Task Message_counts_go_when_all_services_of_their_account_have_ended_long_enough_ago()
    {
        await using var host = await KernelHost.StartAsync(_folder, null, null, ("Roles", "web"));
        var now = host.Time.GetUtcNow();
        var month = new DeletionTrigger.Event("service-terminated", new Period(0, 0, 30));
        await host.WithKernelAsync(async kernel =>
        {
            foreach (var account in new long[] { 1, 2, 3, 4 }) kernel.MessageCounts.Add(new MessageCount { Account = account, Month = "2026-11", Channel = Channel.Mail, Count = 1 });
            kernel.Services.Add(new AccountService { Account = 1, Service = "identity", OpenedAt = now, TerminatedAt = now.AddDays(-31) });
            kernel.Services.Add(new AccountService { Account = 2, Service = "identity", OpenedAt = now, TerminatedAt = now.AddDays(-29) });
            kernel.Services.Add(new AccountService { Account = 3, Service = "identity", OpenedAt = now, TerminatedAt = now.AddDays(-31) });
            kernel.Services.Add(new AccountService { Account = 3, Service = "tickets", OpenedAt = now });
            await kernel.SaveChangesAsync();
            var rule = new CountsOfTerminatedAccounts(kernel);
            (await rule.PreviewAsync(new RetentionMoment(now, month), CancellationToken.None)).Due.ShouldBe(1);
            (await rule.EnforceAsync(new RetentionMoment(now, month), CancellationToken.None)).ShouldBe(1);
            (await kernel.MessageCounts.Select(c => c.Account).Order().ToListAsync()).ShouldBe([2, 3, 4]);
        });
    }

    [Fact]
    public async Task Every_connection_overwrites_what_it_deletes_and_commits_durably()
    {
        await using var host = await KernelHost.StartAsync(_folder);
        for (var i = 0; i < 3; i++)
        {
            await host.WithKernelAsync(async kernel =>
            {
                await kernel.Database.OpenConnectionAsync();
                (await PragmaAsync(kernel, "secure_delete")).ShouldBe(1);
                (await PragmaAsync(kernel, "synchronous")).ShouldBe(2);
                (await PragmaAsync(kernel, "foreign_keys")).ShouldBe(1);
            });
        }
    }

    private static async Task<long> PragmaAsync(KernelContext kernel, string name)
    {
        await using var command = kernel.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {name}";
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    private string Files()
    {
        var all = new StringBuilder();
        foreach (var file in Directory.GetFiles(_folder.File("data", "main")))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            all.Append(reader.ReadToEnd());
        }

        return all.ToString();
    }
}
