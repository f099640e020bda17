using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Storage;

/// <summary>The kernel's own tables: outbox, deliveries, outgoing messages, deletion requests, erasure ledger, services.</summary>
internal sealed class KernelContext(DbContextOptions<KernelContext> options) : ModuleContext(ModuleName, options)
{
    public const string ModuleName = "kernel";

    protected override void Configure(ModelBuilder model)
    {
    }
}
