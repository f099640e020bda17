using Custodia.Integration.Audit;
using Custodia.Integration.Flows;
using Custodia.Integration.Projects;
using Custodia.Kernel.Access;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Design;

/// <summary>Groups, projects and drafts of flows: made, changed, and asked to be deleted. Every act is audited.</summary>
internal sealed class Designs(IntegrationContext context, FlowCheck check, AuditLog audit, TimeProvider time)
{
    private const int MaxName = 60;
    private const int MaxRemark = 500;

    public async Task<DesignOutcome> CreateGroupAsync(Caller caller, string name, string? remark, CancellationToken cancellation)
    {
        if (Findings(name, remark) is { } invalid) return invalid;
        var now = time.GetUtcNow();
        var group = new Group { GroupId = Guid.CreateVersion7(now), Account = caller.Account, Name = name, Remark = remark, CreatedTime = now, UpdateTime = now };
        context.Groups.Add(group);
        return await AddAsync(caller, group.GroupId, "groups", name, null, cancellation);
    }

    public async Task<DesignOutcome> CreateProjectAsync(Caller caller, Guid groupId, string name, string? tag, string? remark, CancellationToken cancellation)
    {
        if (Findings(name, remark) is { } invalid) return invalid;
        if (tag is { Length: > MaxName }) return new DesignOutcome.Invalid("tag", $"has at most {MaxName} characters");
        if (!await context.Groups.AnyAsync(g => g.Account == caller.Account && g.GroupId == groupId && g.DeletionRequestedAt == null, cancellation)) return new DesignOutcome.Missing("group");
        var now = time.GetUtcNow();
        var project = new Project { ProjectId = Guid.CreateVersion7(now), GroupId = groupId, Account = caller.Account, Name = name, Tag = tag, Remark = remark, CreatedTime = now, UpdateTime = now };
        context.Projects.Add(project);
        return await AddAsync(caller, project.ProjectId, "projects", name, name, cancellation);
    }

    /// <summary>Keeps a new flow, whatever it is worth; its name is the text's, where that can be read.</summary>
    public async Task<DesignOutcome> CreateFlowAsync(Caller caller, Guid projectId, string text, CancellationToken cancellation)
    {
        if (text.Length > FlowReader.MaxLength) return new DesignOutcome.Invalid("text", $"has at most {FlowReader.MaxLength} characters");
        if (await ProjectAsync(caller, projectId, cancellation) is not { } project) return new DesignOutcome.Missing("project");
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var found = check.Check(text);
        var draft = new FlowDraft
        {
            ComponentId = id,
            ProjectId = projectId,
            Account = caller.Account,
            Name = NameOf(text) ?? $"draft-{id:N}"[..14],
            Text = text,
            Revision = 1,
            Status = StatusOf(found),
            CreatedTime = now,
            UpdateTime = now,
        };
        context.Flows.Add(draft);
        var added = await AddAsync(caller, id, "flows", draft.Name, project.Name, cancellation);
        return added is DesignOutcome.Done ? new DesignOutcome.Saved(id, 1, found.Flow is not null, found.Findings) : added;
    }

    /// <param name="revision">The revision that the change was made from; a newer one is a conflict. Null: whichever.</param>
    public async Task<DesignOutcome> SaveFlowAsync(Caller caller, Guid flow, string text, int? revision, CancellationToken cancellation)
    {
        if (text.Length > FlowReader.MaxLength) return new DesignOutcome.Invalid("text", $"has at most {FlowReader.MaxLength} characters");
        if (await context.Flows.FirstOrDefaultAsync(f => f.Account == caller.Account && f.ComponentId == flow, cancellation) is not { } draft
            || await ProjectAsync(caller, draft.ProjectId, cancellation) is not { } project) return new DesignOutcome.Missing("flow");
        if (revision is { } seen && seen != draft.Revision) return Stale();
        var found = check.Check(text);
        draft.Text = text;
        draft.Name = NameOf(text) ?? draft.Name;
        draft.Status = StatusOf(found);
        draft.Revision++;
        draft.UpdateTime = time.GetUtcNow();
        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            context.ChangeTracker.Clear();
            return Stale();
        }
        catch (DbUpdateException)
        {
            context.ChangeTracker.Clear();
            return Taken();
        }

        await audit.RecordAsync(caller, "flows", "save", $"{draft.Name} {flow:N}", project.Name, succeeded: true, cancellation);
        return new DesignOutcome.Saved(flow, draft.Revision, found.Flow is not null, found.Findings);
    }

    /// <summary>
    /// Asks for the deletion of a project with all it has: it stops and disappears at once, and is gone within the policy's time.
    /// </summary>
    public async Task<DesignOutcome> DeleteProjectAsync(Caller caller, Guid id, CancellationToken cancellation)
    {
        if (await ProjectAsync(caller, id, cancellation) is not { } project) return new DesignOutcome.Missing("project");
        await context.InTransactionAsync(
            async token =>
            {
                project.DeletionRequestedAt = project.UpdateTime = time.GetUtcNow();
                await StopAsync([id], token);
                await context.SaveChangesAsync(token);
            },
            cancellation);
        await audit.RecordAsync(caller, "projects", "delete", $"{project.Name} {id:N}", project.Name, succeeded: true, cancellation);
        return new DesignOutcome.Done(id);
    }

    /// <summary>Asks for the deletion of a group with its projects.</summary>
    public async Task<DesignOutcome> DeleteGroupAsync(Caller caller, Guid id, CancellationToken cancellation)
    {
        var group = await context.Groups.FirstOrDefaultAsync(g => g.Account == caller.Account && g.GroupId == id && g.DeletionRequestedAt == null, cancellation);
        if (group is null) return new DesignOutcome.Missing("group");
        var now = time.GetUtcNow();
        await context.InTransactionAsync(
            async token =>
            {
                group.DeletionRequestedAt = group.UpdateTime = now;
                var projects = await context.Projects.Where(p => p.GroupId == id).Select(p => p.ProjectId).ToListAsync(token);
                await StopAsync(projects, token);
                await context.Projects.Where(p => p.GroupId == id && p.DeletionRequestedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(p => p.DeletionRequestedAt, now).SetProperty(p => p.UpdateTime, now), token);
                await context.SaveChangesAsync(token);
            },
            cancellation);
        await audit.RecordAsync(caller, "groups", "delete", $"{group.Name} {id:N}", null, succeeded: true, cancellation);
        return new DesignOutcome.Done(id);
    }

    private async Task StopAsync(List<Guid> projects, CancellationToken cancellation)
    {
        await context.DeployedTriggers.Where(t => context.Instances.Any(i => i.InstanceId == t.InstanceId && projects.Contains(i.ProjectId))).ExecuteDeleteAsync(cancellation);
        await context.Instances.Where(i => projects.Contains(i.ProjectId)).ExecuteUpdateAsync(set => set.SetProperty(i => i.Status, "stopped"), cancellation);
    }

    private async Task<DesignOutcome> AddAsync(Caller caller, Guid id, string module, string name, string? project, CancellationToken cancellation)
    {
        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException)
        {
            context.ChangeTracker.Clear();
            return Taken();
        }

        await audit.RecordAsync(caller, module, "create", $"{name} {id:N}", project, succeeded: true, cancellation);
        return new DesignOutcome.Done(id);
    }

    private Task<Project?> ProjectAsync(Caller caller, Guid id, CancellationToken cancellation) =>
        context.Projects.FirstOrDefaultAsync(p => p.Account == caller.Account && p.ProjectId == id && p.DeletionRequestedAt == null, cancellation);

    private string? NameOf(string text) => check.Read(text).Flow is { Name: { Length: > 0 and <= MaxName } name } ? name : null;

    private static string StatusOf(CheckedFlow found) => found.Flow is null ? "draft" : "checked";

    private static DesignOutcome.Invalid? Findings(string name, string? remark)
    {
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl) || name.Trim() != name) return new DesignOutcome.Invalid("name", $"has 1 to {MaxName} characters, without line breaks");
        return remark is { Length: > MaxRemark } ? new DesignOutcome.Invalid("remark", $"has at most {MaxRemark} characters") : null;
    }

    private static DesignOutcome.Conflict Taken() => new("name-taken", "This name is taken.");

    private static DesignOutcome.Conflict Stale() => new("changed-meanwhile", "The flow was changed meanwhile; open it again.");
}
