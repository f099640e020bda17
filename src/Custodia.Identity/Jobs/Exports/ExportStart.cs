using System.Text.Json;
using Custodia.Identity.Administration;
using Custodia.Identity.Directories;
using Custodia.Identity.Groups;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs.Exports;

/// <summary>Starts exports, for whoever may see what is in them.</summary>
internal sealed class ExportStart(IdentityContext database, LoadedPolicy policy, JobCallers callers, JobSignal signal, TimeProvider time)
{
    public async Task<ExportOutcome> StartAsync(HttpContext http, Directory directory, ExportRequest request, CancellationToken cancellation)
    {
        var findings = new Findings();
        var fields = Fields(request, findings);
        if (!UserQueries.TryStatus(request.Status, out var status)) findings.Add("status", "NORMAL, LOCKED or FROZEN");
        if (request.Group is { } group && !await database.Set<Group>().AnyAsync(g => g.Id == group && g.DirectoryId == directory.Id, cancellation)) findings.Add("group", "unknown-value");
        var category = policy.Category(User.Category);
        if (request.Revealed)
        {
            if (!category.Uses.Any(u => u.Id == request.Purpose)) findings.Add("purpose", "must be a use that the category declares");
            if (request.Reason?.Trim().Length is not (>= 3 and <= 500)) findings.Add("reason", "length-3-500");
        }

        if (findings.Any) return new ExportOutcome.Invalid(findings);
        if (request.Revealed && !http.Caller().Roles.Any(r => category.Access.Contains(r))) return new ExportOutcome.NotOnWhitelist(category.Access);
        var users = new UserSelection(status, request.Group, request.SignedInAfter, request.SignedInBefore);
        var plan = new ExportPlan(fields, request.Revealed, request.Purpose ?? "", users);
        return new ExportOutcome.Started(await AddAsync(http, directory, request, plan, cancellation));
    }

    private static List<string> Fields(ExportRequest request, Findings findings)
    {
        List<string> fields = [];
        foreach (var name in (request.Fields ?? []).Distinct(StringComparer.Ordinal))
        {
            if (UserField.All.FirstOrDefault(f => Findings.ApiName(f.Name) == name) is { } field) fields.Add(field.Name);
            else findings.Add("fields", "a field of the profile");
        }

        return fields;
    }

    private async Task<Job> AddAsync(HttpContext http, Directory directory, ExportRequest request, ExportPlan plan, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var caller = http.Caller();
        var job = new Job
        {
            Id = Guid.CreateVersion7(now),
            Account = directory.Account,
            DirectoryId = directory.Id,
            Kind = JobKind.Export,
            Status = JobStatus.Waiting,
            Format = request.Format,
            StartedBy = caller.Kind == CallerKind.SubAccount ? caller.Person : null,
            CreatedAt = now,
            HasFile = true,
            Plan = JsonSerializer.Serialize(plan, JobJson.Options),
            Rows = await plan.Users.Of(database, directory.Id).CountAsync(cancellation),
        };
        job.Caller = await callers.SealAsync(job, caller, http.Facts(), request.Reason?.Trim() ?? "", cancellation);
        database.Jobs.Add(job);
        await database.SaveChangesAsync(cancellation);
        signal.Raise();
        return job;
    }
}

internal abstract record ExportOutcome
{
    public sealed record Started(Job Job) : ExportOutcome;

    public sealed record NotOnWhitelist(IReadOnlyList<string> Whitelist) : ExportOutcome;

    public sealed record Invalid(Findings Findings) : ExportOutcome;
}
