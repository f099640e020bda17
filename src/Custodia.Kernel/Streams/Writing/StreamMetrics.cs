using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Custodia.Kernel.Streams;

/// <summary>Figures of the logs, by stream.</summary>
internal sealed class StreamMetrics : IDisposable
{
    public const string MeterName = "Custodia";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _appended;
    private readonly Counter<long> _failed;
    private readonly Histogram<double> _commit;

    public StreamMetrics()
    {
        _appended = _meter.CreateCounter<long>("custodia.streams.appended", "{record}", "Records on disk.");
        _failed = _meter.CreateCounter<long>("custodia.streams.failed_commits", "{commit}", "Commits that failed.");
        _commit = _meter.CreateHistogram<double>("custodia.streams.commit", "s", "Time of a durable commit.");
    }

    public void Committed(string stream, int records, TimeSpan elapsed)
    {
        var tag = new KeyValuePair<string, object?>("stream", stream);
        _appended.Add(records, tag);
        _commit.Record(elapsed.TotalSeconds, tag);
    }

    public void Failed(string stream) => _failed.Add(1, new KeyValuePair<string, object?>("stream", stream));

    /// <param name="depths">Records that wait, by stream.</param>
    public void Watch(Func<IEnumerable<KeyValuePair<string, int>>> depths) => _meter.CreateObservableGauge(
        "custodia.streams.queued",
        () => depths().Select(d => new Measurement<int>(d.Value, new TagList { { "stream", d.Key } })),
        "{record}",
        "Records that wait to be written.");

    public void Dispose() => _meter.Dispose();
}
