using System.Globalization;
using Custodia.Integration.Audit;
using Custodia.Integration.Flows;
using Custodia.Integration.Projects;
using Custodia.Integration.Runtimes;
using Custodia.Kernel.Access;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Design;

/// <summary>Makes versions of projects and puts them onto runtimes. A version never changes; deploying an older one is the way back.</summary>
internal sealed class Deployments(IntegrationContext context, FlowCheck check, AuditLog audit, TimeProvider time)
{
    public const string SandboxName = "sandbox";

    /// <summary>Deploys the drafts as a new version onto the sandbox, or an older version again.</summary>
    /// <param name="version">Null: the drafts as they are now.</param>
    public async Task<DesignOutcome> DeployAsync(Caller caller, Guid projectId, int? version, CancellationToken cancellation)
    {
        var project = await context.Projects.FirstOrDefaultAsync(p => p.Account == caller.Account && p.ProjectId == projectId && p.DeletionRequestedAt == null, cancellation);
        if (project is null) return new DesignOutcome.Missing("project");
        var outcome = version is null ? await NewVersionAsync(caller, project, cancellation) : await AgainAsync(caller, project, version.Value, cancellation);
        var content = outcome is DesignOutcome.Deployed done ? $"version {done.Version}" : $"version {version ?? project.Version + 1} refused";
        await audit.RecordAsync(caller, "instances", "deploy", content, project.Name, outcome is DesignOutcome.Deployed, cancellation);
        return outcome;
    }

    /// <summary>The account's sandbox, made at the first use.</summary>
    public async Task<Runtime> SandboxAsync(long account, CancellationToken cancellation)
    {
        if (await context.Runtimes.FirstOrDefaultAsync(r => r.Account == account && r.Name == SandboxName, cancellation) is { } known) return known;
        var now = time.GetUtcNow();
        var sandbox = new Runtime { RuntimeId = Guid.CreateVersion7(now), Account = account, Name = SandboxName, Kind = RuntimeKind.Sandbox, Status = "running", CreatedTime = now, UpdateTime = now };
        context.Runtimes.Add(sandbox);
        try
        {
            await context.SaveChangesAsync(cancellation);
            return sandbox;
        }
        catch (DbUpdateException)
        {
            context.Entry(sandbox).State = EntityState.Detached;
            return await context.Runtimes.FirstAsync(r => r.Account == account && r.Name == SandboxName, cancellation);
        }
    }

    private async Task<DesignOutcome> NewVersionAsync(Caller caller, Project project, CancellationToken cancellation)
    {
        var drafts = await context.Flows.AsNoTracking().Where(f => f.ProjectId == project.ProjectId).OrderBy(f => f.ComponentId).ToListAsync(cancellation);
        if (drafts.Count == 0) return new DesignOutcome.Missing("flow");
        // Checked again: the policy or the operations may have changed since the flow was saved.
        var found = drafts.ConvertAll(d => (Draft: d, Check: check.Check(d.Text)));
        var wrong = found.Where(f => f.Check.Flow is null).Select(f => new FlowFindings(f.Draft.ComponentId, f.Draft.Name, f.Check.Findings)).ToArray();
        if (wrong.Length > 0) return new DesignOutcome.Unchecked(wrong);
        var sandbox = await SandboxAsync(caller.Account, cancellation);
        var flows = found.ConvertAll(f => (f.Draft.ComponentId, f.Check.Flow!.Trigger));
        return await context.InTransactionAsync(
            async token =>
            {
                if (await TakenAsync(caller, project, flows, token) is { } taken) return taken;
                var now = time.GetUtcNow();
                project.Version++;
                project.UpdateTime = now;
                context.VersionedFlows.AddRange(drafts.Select(d => new VersionedFlow
                {
                    ProjectId = project.ProjectId,
                    Version = project.Version,
                    ComponentId = d.ComponentId,
                    Name = d.Name,
                    Text = d.Text,
                    CreatedTime = now,
                }));
                return await InstallAsync(caller, project, sandbox, project.Version, flows, token);
            },
            cancellation);
    }

    private async Task<DesignOutcome> AgainAsync(Caller caller, Project project, int version, CancellationToken cancellation)
    {
        var stored = await context.VersionedFlows.AsNoTracking().Where(f => f.ProjectId == project.ProjectId && f.Version == version).ToListAsync(cancellation);
        if (stored.Count == 0) return new DesignOutcome.Missing("version");
        var found = stored.ConvertAll(f => (Stored: f, Check: check.Check(f.Text)));
        var wrong = found.Where(f => f.Check.Flow is null).Select(f => new FlowFindings(f.Stored.ComponentId, f.Stored.Name, f.Check.Findings)).ToArray();
        if (wrong.Length > 0) return new DesignOutcome.Unchecked(wrong);
        var sandbox = await SandboxAsync(caller.Account, cancellation);
        var flows = found.ConvertAll(f => (f.Stored.ComponentId, f.Check.Flow!.Trigger));
        return await context.InTransactionAsync(
            async token => await TakenAsync(caller, project, flows, token) ?? await InstallAsync(caller, project, sandbox, version, flows, token),
            cancellation);
    }

    /// <summary>Two flows cannot have the same address.</summary>
    private async Task<DesignOutcome?> TakenAsync(Caller caller, Project project, List<(Guid Component, Trigger? Trigger)> flows, CancellationToken cancellation)
    {
        var keys = flows.Select(f => f.Trigger).OfType<Trigger.Http>().Select(t => DeployedTrigger.KeyOf(t)!).ToArray();
        if (keys.Distinct(StringComparer.Ordinal).Count() < keys.Length) return Taken();
        var others = context.DeployedTriggers.Where(t => t.Account == caller.Account && keys.Contains(t.Key));
        return await others.AnyAsync(t => !context.Instances.Any(i => i.InstanceId == t.InstanceId && i.ProjectId == project.ProjectId), cancellation) ? Taken() : null;

        static DesignOutcome.Conflict Taken() => new("trigger-taken", "Another flow has this method and path.");
    }

    private async Task<DesignOutcome> InstallAsync(
        Caller caller, Project project, Runtime runtime, int version, List<(Guid Component, Trigger? Trigger)> flows, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var instance = await context.Instances.FirstOrDefaultAsync(i => i.ProjectId == project.ProjectId && i.RuntimeId == runtime.RuntimeId, cancellation);
        if (instance is null)
        {
            instance = new Instance
            {
                InstanceId = Guid.CreateVersion7(now),
                Account = project.Account,
                GroupId = project.GroupId,
                ProjectId = project.ProjectId,
                RuntimeId = runtime.RuntimeId,
                Status = "running",
                CreatedTime = now,
            };
            context.Instances.Add(instance);
        }

        instance.Version = version;
        instance.Tag = project.Tag;
        instance.Status = "running";
        instance.UpdateTime = now;
        await context.DeployedTriggers.Where(t => t.InstanceId == instance.InstanceId).ExecuteDeleteAsync(cancellation);
        foreach (var (component, trigger) in flows)
        {
            if (DeployedTrigger.KeyOf(trigger) is { } key)
                context.DeployedTriggers.Add(new DeployedTrigger { InstanceId = instance.InstanceId, ComponentId = component, Account = project.Account, AppId = caller.AppId, Key = key });
        }

        await context.SaveChangesAsync(cancellation);
        var addresses = flows.Select(f => f.Trigger).OfType<Trigger.Http>().Select(t => string.Create(CultureInfo.InvariantCulture, $"/flow/{caller.AppId}/{t.Path}"));
        return new DesignOutcome.Deployed(instance.InstanceId, version, [.. addresses]);
    }
}
