using Custodia.Integration.Api;
using Custodia.Integration.Design;
using Custodia.Integration.Engine;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Pages;

/// <summary>Reads what the page of runtimes shows.</summary>
internal sealed class RuntimePages(IntegrationContext context, Deployments deployments, TimeProvider time)
{
    public async Task<RuntimeListModel> ListAsync(long account, CancellationToken cancellation)
    {
        await deployments.SandboxAsync(account, cancellation);
        var since = time.GetUtcNow().AddDays(-1);
        var runtimes = await context.Runtimes.AsNoTracking().Where(r => r.Account == account).OrderBy(r => r.Name).Take(Paging.Most).ToListAsync(cancellation);
        // Only jobs that wait, run or failed lately: all of these are few, and found by state.
        var open = await (
            from job in context.Jobs
            join instance in context.Instances on job.InstanceId equals instance.InstanceId
            where job.Account == account
                && (job.State == JobState.Queued || job.State == JobState.Waiting || job.State == JobState.Running || job.State == JobState.InDoubt
                    || (job.State == JobState.Failed && job.CreatedAt >= since))
            group job by new { instance.RuntimeId, job.State } into counted
            select new { counted.Key.RuntimeId, counted.Key.State, Count = counted.Count(), Oldest = counted.Min(j => j.NextAt) }).ToListAsync(cancellation);
        var instances = await (
            from instance in context.Instances.AsNoTracking()
            join project in context.Projects on instance.ProjectId equals project.ProjectId
            join grouped in context.Groups on project.GroupId equals grouped.GroupId
            join runtime in context.Runtimes on instance.RuntimeId equals runtime.RuntimeId
            where instance.Account == account && project.DeletionRequestedAt == null
            orderby instance.UpdateTime descending
            select new InstanceRow(instance, grouped.Name, project.Name, runtime.Name)).Take(Paging.Most).ToListAsync(cancellation);
        return new RuntimeListModel(runtimes.ConvertAll(Row), instances, JobWorker.AtOnce);

        RuntimeRow Row(Runtimes.Runtime runtime)
        {
            var mine = open.FindAll(o => o.RuntimeId == runtime.RuntimeId);
            var waiting = mine.FindAll(o => o.State is JobState.Queued or JobState.Waiting);
            return new RuntimeRow(
                runtime,
                instances.Count(i => i.Instance.RuntimeId == runtime.RuntimeId && i.Instance.Status == "running"),
                Count(JobState.Running),
                waiting.Sum(o => o.Count),
                Count(JobState.InDoubt),
                Count(JobState.Failed),
                waiting.Count == 0 ? null : waiting.Min(o => o.Oldest));

            int Count(JobState state) => mine.Where(o => o.State == state).Sum(o => o.Count);
        }
    }
}
