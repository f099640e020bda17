using System.Collections.Concurrent;
using Custodia.Integration.Flows;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Integration.Engine;

/// <summary>Compiled flows of deployed versions. A version never changes, so neither does an entry; the oldest go when there are many.</summary>
internal sealed class ProgramCache(IServiceScopeFactory scopes, FlowCheck check)
{
    private const int Most = 1000;

    private readonly ConcurrentDictionary<(Guid Project, int Version, Guid Component), FlowProgram> _programs = new();

    /// <summary>Null when the version was deleted, or does not read any more.</summary>
    public ValueTask<FlowProgram?> FindAsync(Job job, CancellationToken cancellation) => FindAsync(job.ProjectId, job.Version, job.ComponentId, cancellation);

    public async ValueTask<FlowProgram?> FindAsync(Guid project, int version, Guid component, CancellationToken cancellation)
    {
        var key = (project, version, component);
        if (_programs.TryGetValue(key, out var program)) return program;
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<IntegrationContext>();
        var text = await context.VersionedFlows
            .Where(f => f.ProjectId == project && f.Version == version && f.ComponentId == component)
            .Select(f => f.Text)
            .FirstOrDefaultAsync(cancellation);
        // It checked when it was deployed; a later server may know less (an operation removed), which the step then reports.
        if (text is null || check.Read(text).Flow is not { } flow) return null;
        if (_programs.Count >= Most) _programs.Clear();
        return _programs[key] = FlowProgram.Of(flow);
    }
}
