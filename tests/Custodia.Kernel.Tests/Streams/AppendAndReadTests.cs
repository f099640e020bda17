using System.Text;
using Custodia.Kernel.Streams;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Tests.Streams;

public sealed class AppendAndReadTests : IDisposable
{
    private const string Audit = "test.audit";

    private readonly string _folder = Directory.CreateTempSubdirectory("custodia-streams-").FullName;

    [Fact]
    public async Task A_record_is_read_back_as_it_was_written()
    {
        await using var logs = new StreamFixture(_folder);
        var person = Guid.CreateVersion7();
        await logs.Streams.AppendAsync(StreamFixture.Entry(4, person), CancellationToken.None);
        var entry = (await logs.AllAsync(new StreamQuery(Audit, 1))).ShouldHaveSingleItem();
        entry.Person.ShouldBe(person);
        entry.Time.ShouldBe(StreamFixture.Noon.AddMilliseconds(4));
        entry.Shredded.ShouldBeFalse();
        entry.Fields.Select(f => f.Key).ShouldBe(["timestamp", "user-name", "client-ip", "request-id", "result", "area", "size", "note"]);
        entry.Fields.Select(f => f.Value).ShouldBe(["2026-11-21T12:00:00.004Z", "user-4@example.com", "192.0.2.4", "request-000004", "success", "users", 4L, "note number 4"]);
    }

    [Fact]
    public async Task Personal_values_are_on_no_disk_in_the_clear_and_plain_ones_are()
    {
        await using (var logs = new StreamFixture(_folder))
        {
            var person = Guid.CreateVersion7();
            await logs.AppendAsync(0, 10, person);
            await logs.AppendAsync(10, 10);
        }

        var bytes = await File.ReadAllBytesAsync(Path.Combine(_folder, "streams", Audit, "2026-11-21.db"));
        foreach (var secret in new[] { "user-4@example.com", "192.0.2.4", "note number 4", "note number 14" })
            bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)).ShouldBe(-1, secret);
        bytes.AsSpan().IndexOf("applications"u8).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Each_condition_finds_exactly_its_records_in_complete_blocks_and_behind_them()
    {
        await using var logs = new StreamFixture(_folder);
        var alice = Guid.CreateVersion7();
        await logs.AppendAsync(0, 5000);
        await logs.AppendAsync(5000, 40, alice);
        await logs.AppendAsync(5040, 60, account: 2);
        (await logs.AllAsync(new StreamQuery(Audit, 1))).Count.ShouldBe(5040);
        (await logs.AllAsync(new StreamQuery(Audit, 2))).Count.ShouldBe(60);
        (await logs.AllAsync(new StreamQuery(Audit, 3))).ShouldBeEmpty();
        (await logs.AllAsync(new StreamQuery(Audit, 1) { Person = alice })).Select(e => e.Field("size")).ShouldBe(Enumerable.Range(5000, 40).Reverse().Select(n => (object?)(long)n));
        (await logs.AllAsync(new StreamQuery(Audit, 2) { Person = alice })).ShouldBeEmpty();
        (await logs.AllAsync(new StreamQuery(Audit, 1) { RequestId = "request-000017" })).ShouldHaveSingleItem().Field("size").ShouldBe(17L);
        (await logs.AllAsync(new StreamQuery(Audit, 2) { RequestId = "request-000017" })).ShouldBeEmpty();
        (await logs.AllAsync(new StreamQuery(Audit, 1) { Actor = "user-3@example.com" })).Count.ShouldBe(Enumerable.Range(0, 5040).Count(n => n % 7 == 3));
        (await logs.AllAsync(new StreamQuery(Audit, 1) { ClientIp = "::ffff:192.0.2.2" })).Count.ShouldBe(1008);
        (await logs.AllAsync(new StreamQuery(Audit, 1) { Result = "failure", Actor = "user-3@example.com" })).Count.ShouldBe(Enumerable.Range(0, 5040).Count(n => n % 70 == 10));
        (await logs.AllAsync(new StreamQuery(Audit, 1) { Fields = new Dictionary<string, string> { ["area"] = "users", ["size"] = "44" } })).ShouldHaveSingleItem();
        (await logs.AllAsync(new StreamQuery(Audit, 1) { Text = "NUMBER 321" })).Select(e => e.Field("size")).ShouldBe([.. Enumerable.Range(0, 10).Select(n => (object?)(3219L - n)), 321L]);
        (await logs.AllAsync(new StreamQuery(Audit, 1) { From = StreamFixture.Noon.AddMilliseconds(4090), To = StreamFixture.Noon.AddMilliseconds(4100) })).Select(e => e.Field("size")).ShouldBe(Enumerable.Range(4090, 10).Reverse().Select(n => (object?)(long)n));
    }

    [Fact]
    public async Task Without_the_persons_key_the_personal_fields_are_gone_and_the_rest_stays()
    {
        await using var logs = new StreamFixture(_folder);
        var (alice, bob) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await logs.AppendAsync(0, 3, alice);
        await logs.AppendAsync(3, 3, bob);
        await logs.Keys.DestroyAsync(KeyId.Subject(1, alice), "erased", CancellationToken.None);
        await logs.AppendAsync(6, 1, alice);
        var gone = await logs.AllAsync(new StreamQuery(Audit, 1) { Person = alice });
        gone.Count.ShouldBe(4);
        gone.ShouldAllBe(e => e.Shredded && e.Field("user-name") == null && e.Field("client-ip") == null && e.Field("note") == null);
        gone.Select(e => e.Field("request-id")).ShouldBe(["request-000006", "request-000002", "request-000001", "request-000000"]);
        (await logs.AllAsync(new StreamQuery(Audit, 1) { Person = bob })).ShouldAllBe(e => !e.Shredded && e.Field("note") != null);
        (await logs.Streams.CountAsync(Audit, 1, alice, CancellationToken.None)).ShouldBe(4);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_opening_again_and_goes_on_where_it_ended()
    {
        await using (var logs = new StreamFixture(_folder)) await logs.AppendAsync(0, 4200);
        await using (var logs = new StreamFixture(_folder))
        {
            await logs.AppendAsync(4200, 100);
            (await logs.AllAsync(new StreamQuery(Audit, 1))).Select(e => (e.Sequence, e.Field("size"))).ShouldBe(Enumerable.Range(0, 4300).Reverse().Select(n => ((long)n, (object?)(long)n)));
            (await logs.AllAsync(new StreamQuery(Audit, 1) { RequestId = "request-004205" })).ShouldHaveSingleItem();
        }
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_folder + "-keys", recursive: true);
    }
}
