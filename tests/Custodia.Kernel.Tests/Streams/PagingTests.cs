using Custodia.Kernel.Streams;
using FsCheck;
using FsCheck.Fluent;

namespace Custodia.Kernel.Tests.Streams;

public sealed class PagedLog : IAsyncLifetime
{
    public const int Count = 9000;

    public static readonly Guid Alice = Guid.CreateVersion7();

    private readonly string _folder = Directory.CreateTempSubdirectory("custodia-paged-").FullName;

    internal StreamFixture Logs { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Logs = new StreamFixture(_folder);
        await Logs.AppendAsync(0, 500, start: StreamFixture.Noon.AddDays(-2));
        await Logs.AppendAsync(500, 200, PagedLog.Alice, start: StreamFixture.Noon.AddDays(-1));
        await Logs.AppendAsync(700, Count - 700);
    }

    public async Task DisposeAsync()
    {
        await Logs.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_folder + "-keys", recursive: true);
    }
}

public sealed class PagingTests(PagedLog paged) : IClassFixture<PagedLog>
{
    private static readonly Config Some = Config.QuickThrowOnFailure.WithMaxTest(25);

    private static readonly Gen<StreamQuery> Queries =
        from limit in Gen.Elements(7, 50, 101, 500)
        from actor in Gen.Elements(null, "user-2@example.com")
        from ip in Gen.Elements(null, null, "192.0.2.1", "198.51.100.1")
        from result in Gen.Elements(null, "failure")
        from area in Gen.Elements(null, null, "users")
        from text in Gen.Elements(null, null, null, "number 12", "Applications")
        from person in Gen.Elements<Guid?>(null, null, null, PagedLog.Alice)
        from hours in Gen.Elements<int?>(null, null, -30)
        select new StreamQuery("test.audit", 1)
        {
            Limit = limit,
            Actor = actor,
            ClientIp = ip,
            Result = result,
            Text = text,
            Person = person,
            From = hours is { } h ? StreamFixture.Noon.AddHours(h) : null,
            Fields = area is null ? null : new Dictionary<string, string> { ["area"] = area },
        };

    [Fact]
    public void Pages_one_after_the_other_are_everything_once() => Check.One(Some, Prop.ForAll(
        Queries.ToArbitrary(),
        query =>
        {
            var expected = Expected(query);
            var pages = PagesAsync(query).GetAwaiter().GetResult();
            return pages.Select(e => (long)e.Field("size")!).SequenceEqual(expected);
        }));

    [Fact]
    public async Task Records_that_arrive_while_paging_neither_repeat_nor_hide_others()
    {
        var query = new StreamQuery("test.audit", 5) { Limit = 13 };
        await paged.Logs.AppendAsync(0, 300, account: 5);
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            for (var n = 300; !stop.IsCancellationRequested; n++) await paged.Logs.Streams.AppendAsync(StreamFixture.Entry(n, account: 5), CancellationToken.None);
        });
        var seen = (await PagesAsync(query)).Select(e => (long)e.Field("size")!).ToList();
        await stop.CancelAsync();
        await writer;
        seen.Distinct().Count().ShouldBe(seen.Count);
        Enumerable.Range(0, 300).Select(n => (long)n).Except(seen).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public async Task A_made_up_cursor_is_refused_by_name(string cursor)
    {
        var refused = await Should.ThrowAsync<InvalidStreamQueryException>(() => paged.Logs.Streams.QueryAsync(new StreamQuery("test.audit", 1) { Cursor = cursor }, CancellationToken.None));
        refused.Field.ShouldBe("cursor");
    }

    [Fact]
    public async Task A_cursor_of_other_conditions_is_refused()
    {
        var page = await paged.Logs.Streams.QueryAsync(new StreamQuery("test.audit", 1), CancellationToken.None);
        var other = new StreamQuery("test.audit", 1) { Result = "failure", Cursor = page.NextCursor };
        (await Should.ThrowAsync<InvalidStreamQueryException>(() => paged.Logs.Streams.QueryAsync(other, CancellationToken.None))).Field.ShouldBe("cursor");
        var foreign = new StreamQuery("test.audit", 2) { Cursor = page.NextCursor };
        (await Should.ThrowAsync<InvalidStreamQueryException>(() => paged.Logs.Streams.QueryAsync(foreign, CancellationToken.None))).Field.ShouldBe("cursor");
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_by_name()
    {
        var plain = new StreamQuery("test.audit", 1);
        (await Refused(plain with { Limit = 0 })).ShouldBe("limit");
        (await Refused(plain with { Limit = 501 })).ShouldBe("limit");
        (await Refused(plain with { From = StreamFixture.Noon, To = StreamFixture.Noon })).ShouldBe("to");
        (await Refused(plain with { Text = new string('x', 201) })).ShouldBe("text");
        (await Refused(plain with { Fields = new Dictionary<string, string> { ["nothing"] = "x" } })).ShouldBe("field.nothing");
        (await Refused(plain with { Fields = new Dictionary<string, string> { ["note"] = "x" } })).ShouldBe("field.note");
        (await Refused(plain with { Fields = new Dictionary<string, string> { ["timestamp"] = "x" } })).ShouldBe("field.timestamp");
        (await Refused(new StreamQuery("test.running", 1) { Actor = "x" })).ShouldBe("actor");
        (await Refused(new StreamQuery("test.nothing", 1))).ShouldBe("category");
    }

    private async Task<string> Refused(StreamQuery query) =>
        (await Should.ThrowAsync<InvalidStreamQueryException>(async () => await paged.Logs.Streams.QueryAsync(query, CancellationToken.None))).Field;

    private async Task<List<StreamEntry>> PagesAsync(StreamQuery query)
    {
        var all = new List<StreamEntry>();
        do
        {
            var page = await paged.Logs.Streams.QueryAsync(query, CancellationToken.None);
            page.Entries.Count.ShouldBeLessThanOrEqualTo(query.Limit);
            all.AddRange(page.Entries);
            query = query with { Cursor = page.NextCursor };
        }
        while (query.Cursor is not null);
        return all;
    }

    /// <summary>The same conditions, applied to what was written.</summary>
    private static IEnumerable<long> Expected(StreamQuery query) =>
        from n in Enumerable.Range(0, PagedLog.Count).Reverse()
        let entry = StreamFixture.Entry(n)
        let isAlice = n is >= 500 and < 700
        where query.Actor is null || entry.UserName == query.Actor
        where query.ClientIp is null || entry.ClientIp == query.ClientIp
        where query.Result is null || entry.Result == query.Result
        where query.Person is null || isAlice
        where query.From is null || n >= 500
        where query.Fields is null || entry.Area == query.Fields["area"]
        where query.Text is null || new[] { entry.Note, entry.Area }.Any(t => t!.Contains(query.Text, StringComparison.OrdinalIgnoreCase))
        select (long)n;
}
