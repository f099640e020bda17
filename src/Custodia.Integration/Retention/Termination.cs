using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Retention;

/// <summary>
/// When an account ends the service, its flows stop at the next round, and all it designed goes a day before the policy's time is
/// over: groups with their projects, flows, versions and instances, and its runtimes. Their metadata lies in the same rows.
/// </summary>
internal sealed class Termination(IntegrationContext context, AccountServices services) : IRetentionRule
{
    public string Category => "integration.design";

    public string Trigger => "service-terminated";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var due = await DueAsync(moment, cancellation);
        return new RetentionPreview(
            due.Count == 0 ? 0 : await context.Groups.LongCountAsync(g => due.Contains(g.Account), cancellation) + await context.Projects.LongCountAsync(p => due.Contains(p.Account), cancellation),
            await context.Groups.MinAsync(g => (DateTimeOffset?)g.CreatedTime, cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var ended = await services.TerminatedAsync(AccountServices.Integration, moment.Now, cancellation);
        foreach (var account in ended) await StopAsync(account, cancellation);
        var deleted = 0;
        foreach (var account in await DueAsync(moment, cancellation)) deleted += await DeleteAsync(account, cancellation);
        return deleted;
    }

    private Task<int> StopAsync(long account, CancellationToken cancellation) =>
        context.InTransactionAsync(
            async token =>
            {
                await context.DeployedTriggers.Where(t => t.Account == account).ExecuteDeleteAsync(token);
                return await context.Instances.Where(i => i.Account == account && i.Status != "stopped").ExecuteUpdateAsync(set => set.SetProperty(i => i.Status, "stopped"), token);
            },
            cancellation);

    /// <summary>Projects, flows, versions and instances go with their group and runtime (foreign keys).</summary>
    private Task<int> DeleteAsync(long account, CancellationToken cancellation) =>
        context.InTransactionAsync(
            async token =>
            {
                var projects = await context.Projects.CountAsync(p => p.Account == account, token);
                var groups = await context.Groups.Where(g => g.Account == account).ExecuteDeleteAsync(token);
                return projects + groups + await context.Runtimes.Where(r => r.Account == account).ExecuteDeleteAsync(token);
            },
            cancellation);

    private Task<IReadOnlyList<long>> DueAsync(RetentionMoment moment, CancellationToken cancellation) =>
        services.TerminatedAsync(AccountServices.Integration, ((DeletionTrigger.Event)moment.Trigger).Within.Before(moment.Now).AddDays(1), cancellation);
}
