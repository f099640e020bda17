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
        var texts = version is { } older ? await VersionAsync(projectId, older, cancellation) : await DraftsAsync(projectId, cancellation);
        var outcome = await InstallAsync(caller, project, texts, version, cancellation);
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

    /// <summary>Checks the flows again, since the policy or the operations may have changed meanwhile, and puts them onto the sandbox.</summary>
    /// <param name="again">The version that they are; null: they become a new one.</param>
    private async Task<DesignOutcome> InstallAsync(Caller caller, Project project, List<FlowText> texts, int? again, CancellationToken cancellation)
    {
        if (texts.Count == 0) return new DesignOutcome.Missing(again is null ? "flow" : "version");
        var found = texts.ConvertAll(t => (Text: t, Check: check.Check(t.Text)));
        var wrong = found.Where(f => f.Check.Flow is null).Select(f => new FlowFindings(f.Text.Component, f.Text.Name, f.Check.Findings)).ToArray();
        if (wrong.Length > 0) return new DesignOutcome.Unchecked(wrong);
        var sandbox = await SandboxAsync(caller.Account, cancellation);
        var flows = found.ConvertAll(f => (f.Text.Component, f.Check.Flow!.Trigger));
        return await context.InTransactionAsync(
            async token =>
            {
                if (await TakenAsync(caller, project, flows, token) is { } taken) return taken;
                return await InstallAsync(caller, project, sandbox, again ?? AddVersion(project, texts), flows, token);
            },
            cancellation);
    }

    private int AddVersion(Project project, List<FlowText> texts)
    {
        var now = time.GetUtcNow();
        project.Version++;
        project.UpdateTime = now;
        context.VersionedFlows.AddRange(texts.Select(t => new VersionedFlow
        {
            ProjectId = project.ProjectId,
            Version = project.Version,
            ComponentId = t.Component,
            Name = t.Name,
            Text = t.Text,
            CreatedTime = now,
        }));
        return project.Version;
    }

    private Task<List<FlowText>> DraftsAsync(Guid project, CancellationToken cancellation) =>
        context.Flows.Where(f => f.ProjectId == project).OrderBy(f => f.ComponentId).Select(f => new FlowText(f.ComponentId, f.Name, f.Text)).ToListAsync(cancellation);

    private Task<List<FlowText>> VersionAsync(Guid project, int version, CancellationToken cancellation) =>
        context.VersionedFlows.Where(f => f.ProjectId == project && f.Version == version).Select(f => new FlowText(f.ComponentId, f.Name, f.Text)).ToListAsync(cancellation);

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

    private sealed record FlowText(Guid Component, string Name, string Text);
}
