using System.Text;
using Custodia.Kernel.Delivery;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Storage.Statements;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Custodia.Kernel.Storage;

/// <summary>
/// Base of every module's database context. Tables are named <c>module_things</c> and columns in snake case; moments are stored
/// as Unix milliseconds (they sort on both databases), sealed values as their envelope. The outbox is part of every context, so
/// that an event commits with the change that caused it.
/// </summary>
/// <param name="module">Lower-case module name: the prefix of its tables.</param>
public abstract class ModuleContext(string module, DbContextOptions options) : DbContext(options)
{
    // Keeps these locks apart from those of other uses of the database.
    private const long LockSeed = 4279235444;

    public string Module { get; } = module;

    internal DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    internal DbSet<MessageRow> OutgoingMessages => Set<MessageRow>();

    /// <summary>Whether this context has added events that the dispatcher is to be told of after the commit.</summary>
    internal bool HasNewEvents { get; set; }

    /// <summary>Whether this context has added messages that the worker is to be told of after the commit.</summary>
    internal bool HasNewMessages { get; set; }

    /// <summary>Runs a unit of work in one write transaction, one writer at a time on SQLite; commits unless it throws.</summary>
    public async Task<T> InTransactionAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        if (Database.CurrentTransaction is not null) return await work(cancellation);
        using var turn = await WriteTurn.TakeAsync(Database, cancellation);
        await using var transaction = await Database.BeginTransactionAsync(cancellation);
        var result = await work(cancellation);
        await transaction.CommitAsync(cancellation);
        return result;
    }

    public Task InTransactionAsync(Func<CancellationToken, Task> work, CancellationToken cancellation) =>
        InTransactionAsync<object?>(
            async token =>
            {
                await work(token);
                return null;
            },
            cancellation);

    /// <summary>
    /// The same, one at a time for all who name the same thing: for rules over rows that no single statement and no index keeps, such as
    /// "at most twenty" and "make it where there is none". What the rule reads is read inside. SQLite has one writer as it is.
    /// </summary>
    /// <param name="what">What is changed, e.g. <c>webhooks/</c> and the directory's number.</param>
    public Task<T> AloneAsync<T>(string what, Func<CancellationToken, Task<T>> work, CancellationToken cancellation) =>
        InTransactionAsync(
            async token =>
            {
                await HoldAsync(what, token);
                return await work(token);
            },
            cancellation);

    /// <summary>What <see cref="AloneAsync"/> does first, for work that is part of its caller's transaction.</summary>
    public Task HoldAsync(string what, CancellationToken cancellation) => HoldAsync([what], cancellation);

    /// <summary>The same for several at once, in an order, so that nobody waits for each other.</summary>
    protected async Task HoldAsync(IEnumerable<string> what, CancellationToken cancellation)
    {
        if (!Database.IsNpgsql()) return;
        var names = what.Order(StringComparer.Ordinal).ToArray();
        await Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended(name, {LockSeed})) FROM unnest({names}) AS name", cancellation);
    }

    /// <summary>
    /// Inserts many rows of one kind past the change tracker: at once, in the transaction that is open, else in one of their own.
    /// </summary>
    public Task InsertRowsAsync<TEntity>(IReadOnlyList<TEntity> rows, CancellationToken cancellation)
        where TEntity : class => InTransactionAsync(token => ManyRows.InsertAsync(this, rows, token), cancellation);

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (Database.CurrentTransaction is not null) return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        using var turn = await WriteTurn.TakeAsync(Database, cancellationToken);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>
    /// After a deletion: moves SQLite's write-ahead log into the database file and cuts it to zero bytes, so that deleted rows are
    /// in neither. Does nothing on other databases.
    /// </summary>
    /// <returns>Whether the log is empty now; false when a long reader held on to it, then call again later.</returns>
    public async Task<bool> TruncateWalAsync(CancellationToken cancellation)
    {
        if (!Database.IsSqlite()) return true;
        using var turn = await WriteTurn.TakeAsync(Database, cancellation);
        await Database.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), System.Globalization.CultureInfo.InvariantCulture) == 0;
        }
        finally
        {
            await Database.CloseConnectionAsync();
        }
    }

    // A pooled context keeps its own fields; what a unit of work left behind that was never committed is not the next one's.
    public override void Dispose()
    {
        HasNewEvents = HasNewMessages = false;
        base.Dispose();
    }

    public override ValueTask DisposeAsync()
    {
        HasNewEvents = HasNewMessages = false;
        return base.DisposeAsync();
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Use SaveChangesAsync.");

    /// <summary>Configures the module's own tables. Names and conversions are added afterwards.</summary>
    protected abstract void Configure(ModelBuilder model);

    protected sealed override void OnModelCreating(ModelBuilder modelBuilder)
    {
        Configure(modelBuilder);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            if (entity.IsOwned()) continue;
            entity.SetTableName($"{Module}_{Snake(entity.GetTableName() ?? entity.ClrType.Name)}");
            NameColumns(entity);
        }

        OutboxMessage.Configure(modelBuilder, ownedHere: Module == KernelContext.ModuleName);
        MessageRow.Configure(modelBuilder, ownedHere: Module == KernelContext.ModuleName);
    }

    protected sealed override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        configurationBuilder.Properties<Sealed<string>>().HaveConversion<SealedText>();
        configurationBuilder.Properties<Sealed<byte[]>>().HaveConversion<SealedBytes>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }

    internal static void NameColumns(IMutableEntityType entity)
    {
        foreach (var property in entity.GetProperties()) property.SetColumnName(Snake(property.Name));
    }

    private static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && name[i - 1] != '_' && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
