using System.Diagnostics;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Vault;

namespace Custodia.Server.Bench;

/// <summary>
/// Erasing a person from a large log, against erasing one with as many records from a small log: the logs' part of a deletion request
/// as the product carries it out (records removed, checkpoints signed, key destroyed). Each round erases another person.
/// </summary>
internal sealed class EraseBench(double scale) : BenchRow
{
    private const int Days = 30;
    private const int RecordsOfPerson = 10_000;
    private const int Few = 100_000;

    private readonly int _many = Math.Max(2 * Few, (int)(10_000_000 * scale));
    private readonly Guid[] _persons = [.. Enumerable.Range(0, BenchRunner.Rounds + 1).Select(_ => Guid.CreateVersion7())];
    private BenchLogs? _large;
    private BenchLogs? _small;
    private int _erasedLarge;
    private int _erasedSmall;

    public override string Name => "erase";

    public override string Title => $"a person with {RecordsOfPerson:#,0} records on {Days} days, among {_many:#,0}";

    public override string Against => $"the same among {Few:#,0}";

    public override string Unit => "s";

    public override BenchTarget Target => BenchTarget.AtMost(1.5);

    public override async Task PrepareAsync(string folder, CancellationToken cancellation)
    {
        _small = await FillAsync(Path.Combine(folder, "small"), Few, cancellation);
        _large = await FillAsync(Path.Combine(folder, "large"), _many, cancellation);
    }

    public override Task<double> MeasureAsync(CancellationToken cancellation) => EraseAsync(_large!, _persons[_erasedLarge++], cancellation);

    public override Task<double> MeasureAgainstAsync(CancellationToken cancellation) => EraseAsync(_small!, _persons[_erasedSmall++], cancellation);

    public override async ValueTask DisposeAsync()
    {
        if (_large is not null) await _large.DisposeAsync();
        if (_small is not null) await _small.DisposeAsync();
    }

    /// <summary>The records of the persons lie evenly among the others': the most pages that they can touch.</summary>
    private async Task<BenchLogs> FillAsync(string folder, int count, CancellationToken cancellation)
    {
        var logs = new BenchLogs(folder);
        var today = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var (day, ours) = (0, 0L);
        for (var i = 0; i < count; i++)
        {
            day = (int)((long)i * Days / count);
            var share = (i + 1L) * RecordsOfPerson * _persons.Length / count;
            Guid? person = share > ours ? _persons[ours % _persons.Length] : null;
            ours = share;
            await logs.Streams.AppendAsync(logs.Operation(i, today.AddDays(day - Days).AddMilliseconds(i), person), cancellation);
        }

        await logs.FlushAsync(BenchLogs.Operations, cancellation);
        var stream = await logs.OpenAsync(BenchLogs.Operations, cancellation);
        await stream.CloseEndedAsync(DateOnly.FromDateTime(today.UtcDateTime), cancellation);
        return logs;
    }

    private static async Task<double> EraseAsync(BenchLogs logs, Guid person, CancellationToken cancellation)
    {
        await using var scope = logs.Services.CreateAsyncScope();
        var part = scope.ServiceProvider.GetServices<ISubjectData>().OfType<StreamSubjectData>().Single();
        var vault = scope.ServiceProvider.GetRequiredService<DataVault>();
        var subject = new Subject(Account: 1, person);
        var start = Stopwatch.GetTimestamp();
        var report = await part.EraseAsync(subject, cancellation);
        await vault.DestroyAsync(KeyId.Subject(subject.Account, subject.Person), "bench", cancellation);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var removed = report.Categories.Sum(category => category.Deleted);
        return removed == RecordsOfPerson ? elapsed : throw new InvalidOperationException($"{removed} of {RecordsOfPerson} records were removed.");
    }
}
