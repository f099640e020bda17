using Custodia.Kernel.Deletion;
using Custodia.Kernel.Delivery;
using Custodia.Kernel.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Storage;

/// <summary>The kernel's own tables: outbox, deliveries, outgoing messages, deletion requests, erasure ledger, services.</summary>
internal sealed class KernelContext(DbContextOptions<KernelContext> options) : ModuleContext(ModuleName, options)
{
    public const string ModuleName = "kernel";

    public DbSet<AppliedScript> AppliedScripts => Set<AppliedScript>();

    public DbSet<AccountService> Services => Set<AccountService>();

    public DbSet<EventDelivery> EventDeliveries => Set<EventDelivery>();

    public DbSet<MessageCount> MessageCounts => Set<MessageCount>();

    public DbSet<DeletionRequestRow> DeletionRequests => Set<DeletionRequestRow>();

    public DbSet<ErasureStepRow> ErasureSteps => Set<ErasureStepRow>();

    protected override void Configure(ModelBuilder model)
    {
        AppliedScript.Configure(model);
        AccountService.Configure(model);
        EventDelivery.Configure(model);
        MessageCount.Configure(model);
        DeletionRequestRow.Configure(model);
        ErasureStepRow.Configure(model);
    }
}
