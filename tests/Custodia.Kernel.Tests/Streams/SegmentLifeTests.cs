using Custodia.Kernel.Policy;
using Custodia.Kernel.Streams;

namespace Custodia.Kernel.Tests.Streams;

public sealed class SegmentLifeTests : IDisposable
{
    private const string Audit = "test.audit";

    private readonly string _folder = Directory.CreateTempSubdirectory("custodia-streams-").FullName;
    private readonly FixedTime _time = new(StreamFixture.Noon);

    [Fact]
    public async Task A_record_goes_to_the_segment_of_its_own_day()
    {
        await using var logs = new StreamFixture(_folder, _time);
        await AppendAt(logs, 1, StreamFixture.Noon);
        await AppendAt(logs, 2, StreamFixture.Noon.AddDays(-3));
        _time.Now = StreamFixture.Noon.AddDays(1);
        await AppendAt(logs, 3, StreamFixture.Noon.AddDays(1));
        await AppendAt(logs, 4, StreamFixture.Noon.AddDays(5));
        Segments(logs).ShouldBe(["2026-11-22", "2026-11-21", "2026-11-18"]);
        (await Numbers(logs)).ShouldBe([4, 3, 1, 2]);
    }

    [Fact]
    public async Task A_record_that_comes_after_its_day_was_signed_off_goes_to_today_with_its_own_time()
    {
        await using var logs = new StreamFixture(_folder, _time);
        await AppendAt(logs, 1, StreamFixture.Noon);
        _time.Now = StreamFixture.Noon.AddDays(1);
        var stream = await logs.Set.OpenAsync(Audit, CancellationToken.None);
        (await stream.CloseEndedAsync(DateOnly.FromDateTime(_time.Now.UtcDateTime), CancellationToken.None)).ShouldBe(1);
        await AppendAt(logs, 2, StreamFixture.Noon.AddHours(1));
        Segments(logs).ShouldBe(["2026-11-22", "2026-11-21"]);
        var late = (await logs.AllAsync(new StreamQuery(Audit, 1)))[0];
        (late.Day, late.Time).ShouldBe((new DateOnly(2026, 11, 22), StreamFixture.Noon.AddHours(1)));
        (await logs.AllAsync(new StreamQuery(Audit, 1) { To = StreamFixture.Noon.AddHours(2) })).Count.ShouldBe(2);
        (await logs.Streams.OldestAsync(Audit, CancellationToken.None)).ShouldBe(StreamFixture.Noon);
    }

    [Fact]
    public async Task After_today_was_dropped_the_day_goes_on_under_another_key()
    {
        await using var logs = new StreamFixture(_folder, _time);
        await logs.AppendAsync(0, 5);
        await logs.Streams.DropSegmentsAsync(Audit, null, "logs-cleared", CancellationToken.None);
        (await logs.AllAsync(new StreamQuery(Audit, 1))).ShouldBeEmpty();
        await logs.AppendAsync(5, 5);
        Segments(logs).ShouldBe(["2026-11-21.2"]);
        (await Numbers(logs)).ShouldBe([9, 8, 7, 6, 5]);
        (await logs.AllAsync(new StreamQuery(Audit, 1))).ShouldAllBe(e => !e.Shredded);
    }

    [Fact]
    public async Task When_the_policy_changes_the_shape_the_day_goes_on_in_another_segment_and_both_are_read()
    {
        await using (var logs = new StreamFixture(_folder, _time)) await logs.AppendAsync(0, 3);
        await using (var logs = new StreamFixture(_folder, _time, policy: StreamFixture.TestPolicy(area: Protection.Sealed)))
        {
            await logs.AppendAsync(3, 3);
            Segments(logs).ShouldBe(["2026-11-21.2", "2026-11-21"]);
            var all = await logs.AllAsync(new StreamQuery(Audit, 1));
            all.Select(e => e.Field("size")).ShouldBe([5L, 4L, 3L, 2L, 1L, 0L]);
            all.ShouldAllBe(e => (string?)e.Field("area") == "users" || (string?)e.Field("area") == "applications");
        }
    }

    [Fact]
    public async Task Only_days_before_the_given_one_are_dropped_and_an_interrupted_drop_is_finished_at_the_next_start()
    {
        await using (var logs = new StreamFixture(_folder, _time))
        {
            for (var day = 0; day < 4; day++) await AppendAt(logs, day, StreamFixture.Noon.AddDays(-day));
            var held = await logs.Streams.HeldAsync(Audit, new DateOnly(2026, 11, 20), CancellationToken.None);
            (held.Segments, held.Records, held.Oldest).ShouldBe((2, 2, StreamFixture.Noon.AddDays(-3)));
            (await logs.Streams.DropSegmentsAsync(Audit, new DateOnly(2026, 11, 20), "age P1D", CancellationToken.None)).Records.ShouldBe(2);
            Segments(logs).ShouldBe(["2026-11-21", "2026-11-20"]);
            (await logs.Streams.OldestAsync(Audit, CancellationToken.None)).ShouldBe(StreamFixture.Noon.AddDays(-1));
        }

        File.Copy(Path.Combine(_folder, "streams", Audit, "2026-11-20.db"), Path.Combine(_folder, "streams", Audit, "2026-11-19.db"));
        await using (var logs = new StreamFixture(_folder, _time))
        {
            await logs.Set.OpenAsync(Audit, CancellationToken.None);
            Segments(logs).ShouldBe(["2026-11-21", "2026-11-20"]);
        }
    }

    [Fact]
    public async Task An_account_is_erased_by_the_day_where_it_is_alone_and_by_the_record_where_it_is_not()
    {
        await using var logs = new StreamFixture(_folder, _time);
        await logs.AppendAsync(0, 50, account: 7, start: StreamFixture.Noon.AddDays(-1));
        await logs.AppendAsync(50, 4200, account: 7);
        await logs.AppendAsync(4250, 10, account: 8);
        var erased = await logs.Streams.EraseAccountAsync(Audit, 7, "service-terminated", CancellationToken.None);
        (erased.Found, erased.Removed, erased.Segments).ShouldBe((4250, 4250, 2));
        Segments(logs).ShouldBe(["2026-11-21"]);
        (await logs.AllAsync(new StreamQuery(Audit, 7))).ShouldBeEmpty();
        (await logs.AllAsync(new StreamQuery(Audit, 8))).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Of_a_removed_record_its_leaf_stays_and_no_byte_of_its_envelope()
    {
        await using var logs = new StreamFixture(_folder, _time);
        var person = Guid.CreateVersion7();
        await logs.AppendAsync(0, 40, person, account: 7);
        await logs.AppendAsync(40, 4200, account: 8);
        var envelope = Envelope(logs.SegmentPath(Audit));
        envelope.Count.ShouldBe(3 * 40);
        Held(envelope).ShouldBe(3 * 40, "the search finds what is there");
        await logs.Streams.ErasePersonAsync(Audit, 7, person, PersonErasure.Remove, "account-deleted", CancellationToken.None);
        Held(envelope).ShouldBe(0);

        int Held(List<byte[]> values)
        {
            var bytes = File.ReadAllBytes(logs.SegmentPath(Audit)).Concat(File.ReadAllBytes(logs.SegmentPath(Audit) + "-wal")).ToArray();
            return values.Count(value => bytes.AsSpan().IndexOf(value) >= 0);
        }
    }

    [Fact]
    public async Task Upkeep_signs_off_days_that_are_over_and_signs_once_an_hour()
    {
        await using var logs = new StreamFixture(_folder, _time);
        var upkeep = new StreamUpkeep(logs.Set, _time, Microsoft.Extensions.Logging.Abstractions.NullLogger<StreamUpkeep>.Instance);
        await logs.AppendAsync(0, 1);
        await upkeep.RunAsync(CancellationToken.None);
        Reasons(logs).ShouldBe(["hourly"]);
        await logs.AppendAsync(1, 1);
        _time.Now += TimeSpan.FromMinutes(59);
        await upkeep.RunAsync(CancellationToken.None);
        Reasons(logs).ShouldBe(["hourly"]);
        _time.Now += TimeSpan.FromMinutes(1);
        await upkeep.RunAsync(CancellationToken.None);
        Reasons(logs).ShouldBe(["hourly", "hourly"]);
        _time.Now = StreamFixture.Noon.Date.AddDays(1).AddMinutes(14);
        await upkeep.RunAsync(CancellationToken.None);
        Reasons(logs).ShouldBe(["hourly", "hourly"]);
        _time.Now = StreamFixture.Noon.Date.AddDays(1).AddMinutes(16);
        await upkeep.RunAsync(CancellationToken.None);
        Reasons(logs).ShouldBe(["hourly", "hourly", "closed"]);
    }

    [Fact]
    public async Task Checkpoints_reach_the_second_place_even_when_it_was_away_for_a_while()
    {
        var copy = _folder + "-copy";
        await using (var logs = new StreamFixture(_folder, _time, copy))
        {
            await logs.AppendAsync(0, 1);
            await logs.Streams.CheckpointAsync("one", CancellationToken.None);
            Directory.Delete(copy, recursive: true);
            File.WriteAllText(copy, "not a folder");
            await logs.AppendAsync(1, 1);
            await logs.Streams.CheckpointAsync("two", CancellationToken.None);
            (await (await logs.Set.OpenAsync(Audit, CancellationToken.None)).CopyFailureAsync(CancellationToken.None)).ShouldNotBeNull();
            File.Delete(copy);
            await logs.AppendAsync(2, 1);
            await logs.Streams.CheckpointAsync("three", CancellationToken.None);
            File.ReadAllText(Path.Combine(copy, Audit + ".jsonl")).ShouldBe(File.ReadAllText(logs.CheckpointPath(Audit)));
        }

        Directory.Delete(copy, recursive: true);
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_folder + "-keys", recursive: true);
    }

    /// <summary>Person, marks and salt of each record of account 7.</summary>
    private static List<byte[]> Envelope(string segment)
    {
        using var connection = SegmentFile.OpenForReading(segment);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT person, marks, salt FROM records WHERE account = 7";
        using var rows = command.ExecuteReader();
        var values = new List<byte[]>();
        while (rows.Read()) values.AddRange(Enumerable.Range(0, rows.FieldCount).Select(rows.GetFieldValue<byte[]>));
        return values;
    }

    private static Task AppendAt(StreamFixture logs, int number, DateTimeOffset time) =>
        logs.Streams.AppendAsync(StreamFixture.Entry(number, time: time), CancellationToken.None).AsTask();

    private static async Task<IEnumerable<long>> Numbers(StreamFixture logs) => (await logs.AllAsync(new StreamQuery(Audit, 1))).Select(e => (long)e.Field("size")!);

    private static IEnumerable<string> Segments(StreamFixture logs) =>
        new StreamFolder(Audit, Path.Combine(logs.Layout.Streams, Audit)).Segments().Select(id => id.Label);

    private static IEnumerable<string> Reasons(StreamFixture logs) =>
        File.ReadAllLines(logs.CheckpointPath(Audit)).Select(l => SignedCheckpoint.Parse(l)!.Checkpoint.Reason);
}
