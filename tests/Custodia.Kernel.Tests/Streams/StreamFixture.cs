using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Streams;
using Custodia.Kernel.Vault;
using Microsoft.Extensions.Logging.Abstractions;

namespace Custodia.Kernel.Tests.Streams;

/// <summary>A log with everything a log can have: actor, person, address, request, result, plain and personal fields.</summary>
[Category("test.audit")]
[Stream("test.audit", Durability.Audit)]
internal sealed record AuditEntry : LogRecord
{
    [LogRole(LogRole.Time)]
    public required DateTimeOffset Timestamp { get; init; }

    [LogRole(LogRole.Actor)]
    public string? UserName { get; init; }

    [LogRole(LogRole.ClientIp)]
    public string? ClientIp { get; init; }

    [LogRole(LogRole.RequestId)]
    public string? RequestId { get; init; }

    [LogRole(LogRole.Result)]
    public string? Result { get; init; }

    public string? Area { get; init; }

    public long? Size { get; init; }

    public string? Note { get; init; }
}

[Category("test.running")]
[Stream("test.running", Durability.Batched)]
internal sealed record RunningEntry : LogRecord
{
    [LogRole(LogRole.Time)]
    public required DateTimeOffset RunTime { get; init; }

    public required string FlowName { get; init; }
}

/// <summary>The logs over real files, with a key store of their own. The folder may be opened again after <see cref="DisposeAsync"/>.</summary>
internal sealed class StreamFixture : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly StreamMetrics _metrics = new();

    public StreamFixture(string folder, TimeProvider? time = null, string? copy = null, int queueLength = 16 * 1024, LoadedPolicy? policy = null)
    {
        Time = time ?? new FixedTime(Noon);
        var options = new CustodiaOptions { DataDirectory = folder };
        options.Keys.Directory = folder + "-keys";
        Layout = new DataLayout(options);
        Layout.Create();
        Policy = policy ?? TestPolicy();
        Keys = new KeyRing(Layout, options.Keys, Time);
        var catalogue = new DataCatalogue();
        catalogue.Streams.Add(StreamShape.Of(typeof(AuditEntry)));
        catalogue.Streams.Add(StreamShape.Of(typeof(RunningEntry)));
        Set = new StreamSet(
            catalogue,
            new StreamEnvironment(Layout, Policy, copy),
            new StreamServices(Keys, Time, _metrics, NullLogger.Instance, Policy.Sha256, queueLength));
        Streams = new LogStreams(Set);
    }

    public TimeProvider Time { get; }

    public DataLayout Layout { get; }

    public LoadedPolicy Policy { get; }

    public KeyRing Keys { get; }

    public StreamSet Set { get; }

    public LogStreams Streams { get; }

    public string SegmentPath(string category, string label = "2026-11-21") => Path.Combine(Layout.Streams, category, label + ".db");

    public string CheckpointPath(string category) => Path.Combine(Layout.Checkpoints, category + ".jsonl");

    public static AuditEntry Entry(int number, Guid? person = null, long account = 1, DateTimeOffset? time = null) => new()
    {
        Account = account,
        Person = person,
        Timestamp = time ?? Noon.AddMilliseconds(number),
        UserName = $"user-{number % 7}@example.com",
        ClientIp = $"192.0.2.{number % 5}",
        RequestId = $"request-{number:D6}",
        Result = number % 10 == 0 ? "failure" : "success",
        Area = number % 2 == 0 ? "users" : "applications",
        Size = number,
        Note = $"note number {number}",
    };

    public async Task AppendAsync(int from, int count, Guid? person = null, long account = 1, DateTimeOffset? start = null)
    {
        // The log is opened first: records that wait for the opening would go on in any order.
        await Set.OpenAsync("test.audit", CancellationToken.None);
        var writes = new List<Task>(count);
        for (var i = from; i < from + count; i++)
            writes.Add(Streams.AppendAsync(Entry(i, person, account, start?.AddMilliseconds(i)), CancellationToken.None).AsTask());
        await Task.WhenAll(writes);
    }

    public async Task<List<StreamEntry>> AllAsync(StreamQuery query)
    {
        var entries = new List<StreamEntry>();
        await foreach (var entry in Streams.ReadAsync(query, CancellationToken.None)) entries.Add(entry);
        return entries;
    }

    public async ValueTask DisposeAsync()
    {
        await Streams.DisposeAsync();
        await Keys.DisposeAsync();
        _metrics.Dispose();
    }

    public static LoadedPolicy TestPolicy(Protection area = Protection.Plain) => new("1", new string('a', 64), [new ServicePolicy("test", "1", Text("Test"), Text(""), Text(""), [
        Category("test.audit",
            Field("timestamp"),
            Field("user-name", personal: true, Protection.Sealed),
            Field("client-ip", personal: true, Protection.Sealed, Lookup.Exact),
            Field("request-id"),
            Field("result"),
            Field("area", protection: area),
            Field("size"),
            Field("note", personal: true, Protection.Sealed)),
        Category("test.running", Field("run-time"), Field("flow-name"))])]);

    private static PolicyCategory Category(string id, params IReadOnlyList<PolicyField> fields) => new(
        id, "test", Text(id), ["user"], ProcessingRole.Controller, [], "contract", fields, "log-stream", false, "record", [], ["auditor"], [], default, "test.yaml", 1);

    private static PolicyField Field(string name, bool personal = false, Protection protection = Protection.Plain, Lookup lookup = Lookup.None) =>
        new(name, Text(name), "dpv:PersonalData", personal, false, true, protection, lookup, MaskKind.Full, 1);

    private static LocalText Text(string text) => new(text, text);
}

internal static class EntryFields
{
    public static object? Field(this StreamEntry entry, string name) => entry.Fields.Single(f => f.Key == name).Value;
}

/// <summary>A clock that stands where it is put.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
