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

    public async ValueTask<FlowProgram> GetAsync(Job job, CancellationToken cancellation)
    {
        var key = (job.ProjectId, job.Version, job.ComponentId);
        if (_programs.TryGetValue(key, out var program)) return program;
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<IntegrationContext>();
        var text = await context.VersionedFlows
            .Where(f => f.ProjectId == job.ProjectId && f.Version == job.Version && f.ComponentId == job.ComponentId)
            .Select(f => f.Text)
            .FirstAsync(cancellation);
        // It checked when it was deployed; a later server may know less (an operation removed), which the step then reports.
        var (flow, _) = check.Read(text);
        if (_programs.Count >= Most) _programs.Clear();
        return _programs[key] = FlowProgram.Of(flow ?? throw new InvalidOperationException($"The deployed flow {job.ComponentId} does not read."));
    }
}
