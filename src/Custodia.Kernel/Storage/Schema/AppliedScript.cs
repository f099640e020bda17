using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Storage;

/// <summary>A script that this database has had. The table is made by <see cref="SchemaStep"/> itself, before any script.</summary>
[Category("kernel.schema")]
internal sealed class AppliedScript
{
    public required string Module { get; init; }

    public int Number { get; init; }

    public required string Sha256 { get; init; }

    public DateTimeOffset AppliedAt { get; init; }

    public static void Configure(ModelBuilder model)
    {
        var entity = model.Entity<AppliedScript>();
        entity.ToTable("schema", table => table.ExcludeFromMigrations());
        entity.HasKey(s => new { s.Module, s.Number });
    }
}
