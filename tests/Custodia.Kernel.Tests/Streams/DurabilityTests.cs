using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Custodia.Kernel.Streams;
using Custodia.Kernel.Tests.Hosting;

namespace Custodia.Kernel.Tests.Streams;

/// <summary>Started as a process of its own: appends for ever and says on standard output what was acknowledged.</summary>
internal static class AppendForEver
{
    public const string Verb = "append-logs";

    public static async Task<int> RunAsync(string folder, int first)
    {
        await using var logs = new StreamFixture(folder);
        await logs.Set.OpenAsync("test.audit", CancellationToken.None);
        await System.Console.Out.WriteLineAsync("ready");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async lane =>
        {
            for (var number = first + lane; ; number += 8)
            {
                await logs.Streams.AppendAsync(StreamFixture.Entry(number), CancellationToken.None);

                // One call a line: the writer of the console is synchronised and flushes by itself.
                await System.Console.Out.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{number}\n"));
            }
        }));
        return 0;
    }
}

public sealed class DurabilityTests : IDisposable
{
    private const string Audit = "test.audit";

    private readonly string _folder = Directory.CreateTempSubdirectory("custodia-streams-").FullName;

    [Fact]
    public async Task No_acknowledged_audit_record_is_lost_by_killing_the_process()
    {
        const int Kills = 10;
        var acknowledged = new HashSet<long>();
        for (var kill = 0; kill < Kills; kill++) acknowledged.UnionWith(await AppendAndKillAsync(kill * 1_000_000, after: 1 + (kill * kill * 7)));
        acknowledged.Count.ShouldBeGreaterThan(Kills * 100);
        Verify().IsClean.ShouldBeTrue();
        await using (var logs = new StreamFixture(_folder))
        {
            var stored = (await logs.AllAsync(new StreamQuery(Audit, 1))).Select(e => (long)e.Field("size")!).ToList();
            stored.Distinct().Count().ShouldBe(stored.Count);
            acknowledged.Except(stored).ShouldBeEmpty();

            // Whoever writes next signs what the killed ones could not.
            await logs.Set.OpenAsync(Audit, CancellationToken.None);
        }

        var report = Verify();
        report.IsClean.ShouldBeTrue();
        report.Segments.ShouldHaveSingleItem().NotYetSigned.ShouldBe(0);
    }

    [Fact]
    public async Task A_failed_commit_fails_those_who_wait_stores_nothing_of_it_and_the_next_append_succeeds()
    {
        await using var logs = new StreamFixture(_folder);
        await logs.AppendAsync(0, 10);
        var stream = await logs.Set.OpenAsync(Audit, CancellationToken.None);
        await stream.Writer.AloneAsync(
            open =>
            {
                open.Borrow(open.Folder.Segments()[0], out _)!.Connection.Run("PRAGMA max_page_count = 1");
                return Task.FromResult(true);
            },
            CancellationToken.None);

        // More than fits into the pages that the file has.
        var failed = Enumerable.Range(10, 500).Select(n => logs.Streams.AppendAsync(StreamFixture.Entry(n), CancellationToken.None).AsTask()).ToArray();
        await Should.ThrowAsync<StreamUnavailableException>(() => Task.WhenAll(failed));
        await logs.AppendAsync(1000, 10);
        var stored = (await logs.AllAsync(new StreamQuery(Audit, 1))).Select(e => (long)e.Field("size")!).ToList();
        stored.Where(n => n >= 1000).Count().ShouldBe(10);
        failed.Select((task, i) => (task.IsCompletedSuccessfully, Number: i + 10L)).ShouldAllBe(f => f.IsCompletedSuccessfully == stored.Contains(f.Number));
        failed.Count(t => t.IsFaulted).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_batched_record_that_was_accepted_is_stored_although_its_first_commit_failed()
    {
        await using var logs = new StreamFixture(_folder);
        await logs.Streams.AppendAsync(Run(0), CancellationToken.None);
        var stream = await logs.Set.OpenAsync("test.running", CancellationToken.None);
        await stream.Writer.AloneAsync(
            open =>
            {
                open.Borrow(open.Folder.Segments()[0], out _)!.Connection.Run("PRAGMA max_page_count = 1");
                return Task.FromResult(true);
            },
            CancellationToken.None);
        for (var i = 1; i < 2000; i++) await logs.Streams.AppendAsync(Run(i), CancellationToken.None);
        await stream.Writer.AloneAsync(static _ => Task.FromResult(true), CancellationToken.None);
        (await logs.AllAsync(new StreamQuery("test.running", 1))).Select(e => (string)e.Field("flow-name")!).Order().ShouldBe(Enumerable.Range(0, 2000).Select(i => $"flow {i}").Order());
    }

    [Fact]
    public async Task A_batched_record_is_on_disk_soon_without_anybody_waiting_for_it()
    {
        await using var logs = new StreamFixture(_folder);
        await logs.Streams.AppendAsync(Run(1), CancellationToken.None);
        var waited = Stopwatch.StartNew();
        while ((await logs.AllAsync(new StreamQuery("test.running", 1))).Count == 0)
        {
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task When_the_queue_is_full_appending_waits_and_nothing_is_dropped()
    {
        await using var logs = new StreamFixture(_folder, queueLength: 16);
        var stream = await logs.Set.OpenAsync("test.running", CancellationToken.None);
        var hold = new TaskCompletionSource();
        var held = stream.Writer.AloneAsync(async _ => { await hold.Task; return true; }, CancellationToken.None);
        var appends = Enumerable.Range(0, 500).Select(i => logs.Streams.AppendAsync(Run(i), CancellationToken.None).AsTask()).ToArray();
        await KernelHost.UntilAsync(() => Task.FromResult(appends.Count(a => a.IsCompleted) >= 16 && stream.Writer.Queued >= 16), "a full queue");
        await Task.Delay(200);
        appends.Count(a => a.IsCompleted).ShouldBe(16);
        stream.Writer.Queued.ShouldBe(16);
        using (var impatient = new CancellationTokenSource(50))
            await Should.ThrowAsync<OperationCanceledException>(() => logs.Streams.AppendAsync(Run(-1), impatient.Token).AsTask());
        hold.SetResult();
        await held;
        await Task.WhenAll(appends);
        await stream.Writer.AloneAsync(static _ => Task.FromResult(true), CancellationToken.None);
        (await logs.AllAsync(new StreamQuery("test.running", 1))).Count.ShouldBe(500);
    }

    [Fact]
    public async Task What_was_accepted_is_written_at_shutdown()
    {
        await using (var logs = new StreamFixture(_folder))
        {
            for (var i = 0; i < 3000; i++) await logs.Streams.AppendAsync(Run(i), CancellationToken.None);
        }

        await using (var logs = new StreamFixture(_folder)) (await logs.AllAsync(new StreamQuery("test.running", 1))).Count.ShouldBe(3000);
        Verify().Segments.ShouldHaveSingleItem().NotYetSigned.ShouldBe(0);
    }

    [Fact]
    public async Task A_second_writer_is_refused_and_may_still_read()
    {
        await using var server = new StreamFixture(_folder);
        await server.AppendAsync(0, 3);
        await using var other = new StreamFixture(_folder);
        (await other.AllAsync(new StreamQuery(Audit, 1))).Count.ShouldBe(3);
        await Should.ThrowAsync<StreamsLockedException>(() => other.AppendAsync(3, 1));
        await server.AppendAsync(3, 1);
        (await other.AllAsync(new StreamQuery(Audit, 1))).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Days_are_dropped_while_readers_read_and_writers_write_and_nobody_fails()
    {
        await using var logs = new StreamFixture(_folder);
        for (var day = 1; day <= 5; day++) await logs.AppendAsync(0, 300, start: StreamFixture.Noon.AddDays(-day));
        using var stop = new CancellationTokenSource();
        var written = 0;
        var writer = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; written++) await logs.Streams.AppendAsync(StreamFixture.Entry(written), CancellationToken.None);
        });
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var all = await logs.AllAsync(new StreamQuery(Audit, 1) { To = StreamFixture.Noon.AddHours(-1) });
                all.ShouldAllBe(e => e.Fields.Count == 8);
            }
        })).ToArray();
        await Task.Delay(300);
        for (var day = 5; day >= 1; day--) await logs.Streams.DropSegmentsAsync(Audit, DateOnly.FromDateTime(StreamFixture.Noon.UtcDateTime).AddDays(1 - day), "age", CancellationToken.None);
        await Task.Delay(100);
        await stop.CancelAsync();
        await writer;
        await Task.WhenAll(readers);
        (await logs.AllAsync(new StreamQuery(Audit, 1))).Count.ShouldBe(written);
        Verify().IsClean.ShouldBeTrue();
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_folder + "-keys", recursive: true);
    }

    private static RunningEntry Run(int number) => new() { Account = 1, RunTime = StreamFixture.Noon, FlowName = $"flow {number}" };

    /// <summary>Kills the child when it has acknowledged so many records.</summary>
    private async Task<List<long>> AppendAndKillAsync(int first, int after)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(DurabilityTests).Assembly.Location);
        start.ArgumentList.Add(AppendForEver.Verb);
        start.ArgumentList.Add(_folder);
        start.ArgumentList.Add(first.ToString(CultureInfo.InvariantCulture));
        using var process = Process.Start(start)!;
        var lines = new List<string>();
        try
        {
            (await process.StandardOutput.ReadLineAsync()).ShouldBe("ready");
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                lines.Add(line);
                if (lines.Count == after + 1) process.Kill();
            }

            await process.WaitForExitAsync();
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }

        // The last line may be cut: what was not said whole was not acknowledged.
        return [.. lines.SkipLast(1).Select(line => long.Parse(line, CultureInfo.InvariantCulture))];
    }

    private AuditReport Verify()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(_folder, "checkpoints", "public-key.pem")));
        return new AuditVerification(_folder, key, null).Run(static _ => { }, CancellationToken.None);
    }
}
