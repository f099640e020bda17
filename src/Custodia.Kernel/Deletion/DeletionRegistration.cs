using Custodia.Kernel.Access;
using Custodia.Kernel.Backup;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Deletion;

internal static class DeletionRegistration
{
    /// <summary>Deletion requests, erasure, export, retention, backup.</summary>
    public static void AddDeletion(this ModuleBuilder kernel, CustodiaOptions options)
    {
        var services = kernel.Services;
        services.AddSingleton<ErasureSignal>();
        services.AddSingleton<ErasureLedger>();
        services.AddSingleton<EvidenceWriter>();
        services.AddScoped<Erasure>();
        services.AddScoped(static p => new DeletionRequests(p.GetRequiredService<KernelContext>(), p.GetRequiredService<ErasureSignal>(), p.GetRequiredService<TimeProvider>()));
        services.AddScoped(static p => new SubjectExport(p.GetServices<ISubjectData>(), p.GetRequiredService<LoadedPolicy>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IStartStep, LedgerReplay>();
        services.AddSingleton<IStartStep, EndedAccountReplay>();
        services.AddSingleton<ErasureWorker>();
        services.AddSingleton<StreamRetention>();
        services.AddScoped<RetentionRunner>();
        services.AddSingleton<BackupClock>();
        services.AddSingleton<OwnedColumnSeal>();
        services.AddSingleton<BackupWriter>();
        services.AddSingleton<BackupReader>();
        if (options.HasRole("worker")) services.AddHostedService(static p => p.GetRequiredService<ErasureWorker>());
        if (options.HasRole("scheduler")) services.AddHostedService<RetentionScheduler>().AddHostedService<DeadlineWatch>();
        kernel.AddEvent<DeletionDeadline>();
        kernel.AddSubjectData<KernelSubjectData>();
        kernel.AddSubjectData<StreamSubjectData>();
        kernel.AddRetentionRule<DeletionRequestAge>().AddRetentionRule<EvidenceAge>().AddRetentionRule<LedgerAge>().AddRetentionRule<EndedAccountKeys>();
        kernel.AddShape<SignedDocument>().AddShape<LedgerEntry>();
        services.AddScoped<ILiveFigures, DeletionFiguresNow>();
        kernel.AddPermissions(
            new Permission(DeletionAccess.Read, Role.Owner, Role.PrivacyOfficer, Role.Auditor),
            new Permission(ServiceApi.Read, Role.Owner, Role.Administrator, Role.PrivacyOfficer, Role.Auditor),
            new Permission(ServiceApi.Write, Role.Owner),
            new Permission(StaffAccess.Console, [.. Role.All]));
    }
}
