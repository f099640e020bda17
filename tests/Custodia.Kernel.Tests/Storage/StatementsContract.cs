using System.Globalization;
using Custodia.Kernel.Delivery;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Storage.Statements;
using Custodia.Kernel.Tests.Hosting;
using Custodia.Kernel.Vault;
using Custodia.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Tests.Storage;

/// <summary>What statements promise on every database. Rows of outgoing messages serve as the example: they have a column of each kind.</summary>
public abstract class StatementsContract : IDisposable
{
    private static readonly DateTimeOffset Moment = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123);

    private static readonly Query<MessageRow> ById = new(
        tables => $"SELECT {tables.Columns<MessageRow>("m")} FROM {tables.Of<MessageRow>()} m WHERE m.id = @p0",
        row => row.Entity<MessageRow>());

    private static readonly Query<Pair> WithFirst = new(
        tables => $"""
            SELECT {tables.Columns<MessageRow>("m")}, {tables.Columns<MessageCount>("c")}, CASE WHEN EXISTS (SELECT 1 FROM {tables.Of<MessageRow>()} o WHERE o.tries = @p1) THEN 1 ELSE 0 END
            FROM {tables.Of<MessageRow>()} m LEFT JOIN {tables.Of<MessageCount>()} c ON c.account = m.account AND c.channel = '{nameof(Channel.Sms)}'
            WHERE m.id = @p0
            """,
        row => new Pair(row.Entity<MessageRow>(), row.OptionalEntity<MessageCount>(), row.Flag()));

    private static readonly Statement Take = new(tables => $"UPDATE {tables.Of<MessageRow>()} SET tries = 1, next_try_at = @p1, subject = NULL WHERE id = @p0 AND tries = 0");

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task An_entity_comes_back_as_it_was_inserted()
    {
        await using var host = await StartAsync();
        var (whole, sparse) = (Message("Hello"), Message(subject: null));
        await InsertAsync(host, whole, sparse);
        foreach (var sent in new[] { whole, sparse })
        {
            var found = (await Statements(host).FirstAsync(ById, CancellationToken.None, sent.Id)).ShouldNotBeNull();
            // What Entity Framework stores and reads is what counts.
            var tracked = await host.WithKernelAsync(kernel => kernel.OutgoingMessages.AsNoTracking().SingleAsync(m => m.Id == sent.Id));
            foreach (var row in new[] { found, tracked }) Told(row).ShouldBe(Told(sent));
        }

        (await Statements(host).FirstAsync(ById, CancellationToken.None, Guid.CreateVersion7())).ShouldBeNull();
    }

    /// <summary>More rows than go into one statement, and not a multiple of them.</summary>
    private protected async Task Many_rows_come_back_as_they_were_inserted()
    {
        await using var host = await StartAsync();
        var sent = Enumerable.Range(0, 150).Select(i => Message(i % 3 == 0 ? null : $"Hello {i}")).ToList();
        await host.WithKernelAsync(kernel => kernel.InsertRowsAsync(sent, CancellationToken.None));
        await host.WithKernelAsync(kernel => kernel.InsertRowsAsync<MessageRow>([], CancellationToken.None));
        var found = await host.WithKernelAsync(kernel => kernel.OutgoingMessages.AsNoTracking().ToListAsync());
        found.Select(Told).Order(StringComparer.Ordinal).ShouldBe(sent.Select(Told).Order(StringComparer.Ordinal));
    }

    /// <summary>One row that the table refuses takes the others and the rest of the transaction with it.</summary>
    private protected async Task Many_rows_are_inserted_whole_or_not_at_all()
    {
        await using var host = await StartAsync();
        var sent = Enumerable.Range(0, 150).Select(i => Message($"Hello {i}")).ToList();
        sent.Add(sent[0]);
        await Should.ThrowAsync<System.Data.Common.DbException>(() => host.WithKernelAsync(kernel => kernel.InsertRowsAsync(sent, CancellationToken.None)));
        (await host.WithKernelAsync(kernel => kernel.OutgoingMessages.CountAsync())).ShouldBe(0);
    }

    private protected async Task An_outer_join_that_finds_nothing_gives_no_entity()
    {
        await using var host = await StartAsync();
        var message = Message("Hello");
        await InsertAsync(host, message);
        var alone = (await Statements(host).FirstAsync(WithFirst, CancellationToken.None, message.Id, 7)).ShouldNotBeNull();
        (alone.Message.Id, alone.Count, alone.Flag).ShouldBe((message.Id, null, false));

        await Statements(host).WriteAsync(
            async writer =>
            {
                await writer.InsertAsync(new MessageCount { Account = message.Account, Channel = Channel.Sms, Month = "2026-11", Count = 3 });
                return true;
            },
            CancellationToken.None);
        var both = (await Statements(host).FirstAsync(WithFirst, CancellationToken.None, message.Id, 0)).ShouldNotBeNull();
        (both.Count!.Count, both.Flag).ShouldBe((3, true));
    }

    private protected async Task Of_twenty_that_change_a_row_on_a_condition_one_wins()
    {
        await using var host = await StartAsync();
        var message = Message("Hello");
        await InsertAsync(host, message);
        var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Statements(host).WriteAsync(
            async writer => await writer.ExecuteAsync(Take, message.Id, Moment.AddSeconds(i)) == 1 ? i : -1, CancellationToken.None))));
        var winner = won.Where(i => i >= 0).ShouldHaveSingleItem();
        var row = (await Statements(host).FirstAsync(ById, CancellationToken.None, message.Id)).ShouldNotBeNull();
        (row.Tries, row.NextTryAt, row.Subject).ShouldBe((1, Moment.AddSeconds(winner), null));
    }

    private protected async Task A_unit_that_throws_leaves_nothing_and_takes_nothing_from_the_others()
    {
        await using var host = await StartAsync();
        var known = Message("Hello");
        await InsertAsync(host, known);
        var messages = Enumerable.Range(0, 20).Select(_ => Message("Hello")).ToArray();
        var units = messages.Select((message, i) => Task.Run(() => Statements(host).WriteAsync(
            async writer =>
            {
                await writer.InsertAsync(message);
                // Every other one then breaks a rule of the database or of its own.
                if (i % 4 == 1) await writer.InsertAsync(known);
                if (i % 4 == 3) throw new InvalidTimeZoneException("mine");
                return true;
            },
            CancellationToken.None))).ToArray();
        for (var i = 0; i < units.Length; i++)
        {
            if (i % 4 == 3) (await Should.ThrowAsync<InvalidTimeZoneException>(units[i])).Message.ShouldBe("mine");
            else if (i % 4 == 1) await Should.ThrowAsync<System.Data.Common.DbException>(units[i]);
            else (await units[i]).ShouldBeTrue();
            (await Statements(host).FirstAsync(ById, CancellationToken.None, messages[i].Id) is not null).ShouldBe(i % 2 == 0, i.ToString(CultureInfo.InvariantCulture));
        }
    }

    private protected async Task Statements_and_contexts_write_beside_each_other()
    {
        await using var host = await StartAsync();
        var messages = Enumerable.Range(0, 40).Select(_ => Message("Hello")).ToArray();
        await Task.WhenAll(messages.Select((message, i) => Task.Run(async () =>
        {
            if (i % 2 == 0) await InsertAsync(host, message);
            else await host.WithKernelAsync(kernel => { kernel.OutgoingMessages.Add(message); return kernel.SaveChangesAsync(); });
        })));
        var ids = messages.Select(m => m.Id).ToArray();
        (await host.WithKernelAsync(kernel => kernel.OutgoingMessages.CountAsync(m => ids.Contains(m.Id)))).ShouldBe(40);
    }

    private protected abstract Task<KernelHost> StartAsync(TemporaryFolder folder);

    private Task<KernelHost> StartAsync() => StartAsync(_folder);

    private static IStatements<KernelContext> Statements(KernelHost host) => host.Services.GetRequiredService<IStatements<KernelContext>>();

    private static async Task InsertAsync(KernelHost host, params MessageRow[] messages) =>
        await Statements(host).WriteAsync(
            async writer =>
            {
                foreach (var message in messages) await writer.InsertAsync(message);
                return true;
            },
            CancellationToken.None);

    private static MessageRow Message(string? subject) => new()
    {
        Id = Guid.CreateVersion7(),
        Account = 100_000_000_001,
        Person = Guid.CreateVersion7(),
        Channel = Channel.Mail,
        Recipient = new Sealed<string>([1, 2, 3]),
        Subject = subject is null ? null : new Sealed<string>(System.Text.Encoding.UTF8.GetBytes(subject)),
        Text = new Sealed<string>([0, 255]),
        Origin = "test '\"; --",
        State = MessageState.Sent,
        CreatedAt = Moment,
        NextTryAt = subject is null ? null : Moment.AddMilliseconds(1),
        // The worker counts what is not.
        Counted = true,
    };

    private static string Told(MessageRow m) =>
        $"{m.Id} {m.Account} {m.Person} {m.Channel} {Hex(m.Recipient)} {Hex(m.Subject)} {Hex(m.Text)} {m.Origin} {m.State} {m.CreatedAt:O} {m.Tries} {m.NextTryAt:O} {m.Counted}";

    private static string Hex(Sealed<string>? value) => value is null ? "-" : Convert.ToHexString(value.ToStored());

    private sealed record Pair(MessageRow Message, MessageCount? Count, bool Flag);
}

public sealed class SqliteStatementsTests : StatementsContract
{
    [Fact]
    public Task On_sqlite_an_entity_comes_back_as_it_was_inserted() => An_entity_comes_back_as_it_was_inserted();

    [Fact]
    public Task On_sqlite_many_rows_come_back_as_they_were_inserted() => Many_rows_come_back_as_they_were_inserted();

    [Fact]
    public Task On_sqlite_many_rows_are_inserted_whole_or_not_at_all() => Many_rows_are_inserted_whole_or_not_at_all();

    [Fact]
    public Task On_sqlite_an_outer_join_that_finds_nothing_gives_no_entity() => An_outer_join_that_finds_nothing_gives_no_entity();

    [Fact]
    public Task On_sqlite_of_twenty_that_change_a_row_on_a_condition_one_wins() => Of_twenty_that_change_a_row_on_a_condition_one_wins();

    [Fact]
    public Task On_sqlite_a_unit_that_throws_leaves_nothing_and_takes_nothing_from_the_others() => A_unit_that_throws_leaves_nothing_and_takes_nothing_from_the_others();

    [Fact]
    public Task On_sqlite_statements_and_contexts_write_beside_each_other() => Statements_and_contexts_write_beside_each_other();

    private protected override Task<KernelHost> StartAsync(TemporaryFolder folder) => KernelHost.StartAsync(folder);
}

public sealed class PostgreSqlStatementsTests(PostgreSqlServer postgres) : StatementsContract, IClassFixture<PostgreSqlServer>
{
    [EngineFact(Engines.PostgreSql)]
    public Task On_postgresql_an_entity_comes_back_as_it_was_inserted() => An_entity_comes_back_as_it_was_inserted();

    [EngineFact(Engines.PostgreSql)]
    public Task On_postgresql_many_rows_come_back_as_they_were_inserted() => Many_rows_come_back_as_they_were_inserted();

    [EngineFact(Engines.PostgreSql)]
    public Task On_postgresql_many_rows_are_inserted_whole_or_not_at_all() => Many_rows_are_inserted_whole_or_not_at_all();

    [EngineFact(Engines.PostgreSql)]
    public Task On_postgresql_an_outer_join_that_finds_nothing_gives_no_entity() => An_outer_join_that_finds_nothing_gives_no_entity();

    [EngineFact(Engines.PostgreSql)]
    public Task On_postgresql_of_twenty_that_change_a_row_on_a_condition_one_wins() => Of_twenty_that_change_a_row_on_a_condition_one_wins();

    [EngineFact(Engines.PostgreSql)]
    public Task On_postgresql_a_unit_that_throws_leaves_nothing_and_takes_nothing_from_the_others() => A_unit_that_throws_leaves_nothing_and_takes_nothing_from_the_others();

    [EngineFact(Engines.PostgreSql)]
    public Task On_postgresql_statements_and_contexts_write_beside_each_other() => Statements_and_contexts_write_beside_each_other();

    private protected override async Task<KernelHost> StartAsync(TemporaryFolder folder) =>
        await KernelHost.StartAsync(folder, null, null, ("Storage:Provider", "PostgreSql"), ("Storage:ConnectionString", await postgres.NewDatabaseAsync()));
}
