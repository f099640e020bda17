using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Custodia.Kernel.Deletion;
using Custodia.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.People;

public sealed class DeadlineTests
{
    [Fact]
    public async Task The_privacy_officer_is_told_once_when_a_request_is_due_soon_and_once_when_it_is_late()
    {
        await using var server = await PeopleServer.StartNewAsync(s =>
        {
            s.Adjust = b => b.Services.AddScoped<ISubjectData, Stuck>();
            // Thirty days or a month, whichever is shorter: from February it would be the month.
            do s.Time.AdvanceToMidMonth();
            while (s.Time.GetUtcNow().Month == 2);
        });
        await server.InScopeAsync(async services =>
        {
            var person = new Subject(await server.AccountAsync(), await server.UserIdAsync("ada@customers.example"));
            await services.GetRequiredService<DeletionRequests>().OpenAsync(person, "staff", graceDays: 0, default);
        });
        server.Time.Advance(TimeSpan.FromDays(22));
        await Standing(server, "in-time");
        (await MailsAsync(server, "privacy-officer")).ShouldBeEmpty();

        server.Time.Advance(TimeSpan.FromDays(1));
        await ToldAsync(server, "Deletion requests are due soon");
        server.Time.Advance(TimeSpan.FromDays(1));
        await Standing(server, "due-soon");
        (await MailsAsync(server, "privacy-officer")).ShouldBe(["Deletion requests are due soon"]);

        server.Time.Advance(TimeSpan.FromDays(6));
        await ToldAsync(server, "Deletion requests are overdue");
        server.Time.Advance(TimeSpan.FromHours(1));
        await Standing(server, "overdue");
        (await MailsAsync(server, "privacy-officer")).Count(s => s == "Deletion requests are overdue").ShouldBe(1);
        (await MailsAsync(server, "administrator")).ShouldBeEmpty();
    }

    // The metric is read as an exporter reads it.
    private static Task Standing(PeopleServer server, string standing) => Eventually.TrueAsync(() =>
    {
        var seen = new ConcurrentBag<(string Standing, int Count)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "custodia.deletion.requests") l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, count, tags, _) => seen.Add(((string)tags[0].Value!, count)));
        listener.Start();
        listener.RecordObservableInstruments();
        server.Time.Advance(TimeSpan.FromSeconds(30));
        return Task.FromResult(seen.Contains((standing, 1)));
    });

    // The watch may have looked just before the clock was moved, and looks again ten minutes later by it: so it goes on.
    private static Task ToldAsync(PeopleServer server, string subject) => Eventually.TrueAsync(async () =>
    {
        server.Time.Advance(TimeSpan.FromMinutes(1));
        return (await MailsAsync(server, "privacy-officer")).Contains(subject);
    });

    private static async Task<IReadOnlyList<string>> MailsAsync(PeopleServer server, string role) =>
        [.. (await server.OutboxAsync($"{role}@staff.example")).Where(m => m.Origin == "identity.notice").Select(m => m.Subject)];

    /// <summary>A module that cannot do its part: the request stays open.</summary>
    private sealed class Stuck : ISubjectData
    {
        public string Module => "stuck";

        public IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, CancellationToken cancellation) => AsyncEnumerable.Empty<ExportedItem>();

        public Task<ErasureReport> EraseAsync(Subject subject, CancellationToken cancellation) => throw new IOException("The search index is away.");
    }
}
