using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Integration.Engine;

/// <summary>Names of an instance's project and runtime, for the running log.</summary>
internal sealed class InstanceNames(IServiceScopeFactory scopes)
{
    private const int Most = 1000;

    private readonly ConcurrentDictionary<Guid, (string Project, string Runtime)> _names = new();

    public async ValueTask<(string Project, string Runtime)> OfAsync(Job job, CancellationToken cancellation)
    {
        if (_names.TryGetValue(job.InstanceId, out var known)) return known;
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<IntegrationContext>();
        var found = await (
            from instance in context.Instances
            join project in context.Projects on instance.ProjectId equals project.ProjectId
            join runtime in context.Runtimes on instance.RuntimeId equals runtime.RuntimeId
            where instance.InstanceId == job.InstanceId
            select new { Project = project.Name, Runtime = runtime.Name }).FirstOrDefaultAsync(cancellation);
        if (found is null) return ("", "");
        if (_names.Count >= Most) _names.Clear();
        return _names[job.InstanceId] = (found.Project, found.Runtime);
    }
}
