using Custodia.Console;
using Custodia.Integration.Api;
using Custodia.Integration.Engine;
using Custodia.Kernel.Access;
using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Pages;

/// <summary>Reads what the pages of jobs show.</summary>
internal sealed class JobPages(IntegrationContext context, ProgramCache programs, LoadedPolicy policy)
{
    public const string WholeMessage = "message";

    public async Task<JobListModel> ListAsync(long account, Guid? flow, JobState? state, Paging paging, CancellationToken cancellation)
    {
        var rows = context.Jobs.AsNoTracking().Where(j => j.Account == account);
        if (flow is { } ofFlow) rows = rows.Where(j => j.ComponentId == ofFlow);
        if (state is { } inState) rows = rows.Where(j => j.State == inState);
        if (paging.Before is { } before) rows = rows.Where(j => j.Id.CompareTo(before) < 0);
        var found = await rows.OrderByDescending(j => j.Id).Take(paging.Limit + 1).Select(JobApi.WithoutData).ToListAsync(cancellation);
        var page = paging.Page(found.ConvertAll(JobApi.Item), j => j.Id);
        var query = (flow is null ? "" : $"&flow={flow:N}") + (state is { } s ? $"&state={Words.Of(s)}" : "");
        return new JobListModel(page.Items, page.NextCursor is { } next ? $"/console/jobs?cursor={next}{query}" : null, Named: true, flow);
    }

    /// <param name="asked">The step to ask about, as the form names it; null: the one that failed, else the last.</param>
    public async Task<JobModel?> FindAsync(Caller caller, Guid id, string? asked, FormState form, CancellationToken cancellation)
    {
        if (await context.Jobs.AsNoTracking().Where(j => j.Account == caller.Account && j.Id == id).Select(JobApi.WithoutData).FirstOrDefaultAsync(cancellation) is not { } job) return null;
        var steps = await JobApi.StepsAsync(context, id, cancellation);
        var program = await programs.FindAsync(job, cancellation);
        var may = caller.Can(Permissions.WriteJobs);
        var rights = new JobRights(
            may && job.State is (JobState.Queued or JobState.Waiting or JobState.Running or JobState.InDoubt),
            may && (job.State is JobState.InDoubt || job is { State: JobState.Failed, ErrorCode: not "subject-erased" }));
        return new JobModel(JobApi.Item(job), steps, program?.Flow, policy.Category(JobReveal.Category).Uses, rights, form, asked ?? Interesting(steps), null);
    }

    private static string Interesting(List<StepItem> steps) =>
        (steps.LastOrDefault(s => s is { HasData: true, State: "failed" }) ?? steps.LastOrDefault(s => s.HasData))?.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? WholeMessage;
}
