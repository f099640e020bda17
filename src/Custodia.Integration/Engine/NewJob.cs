namespace Custodia.Integration.Engine;

/// <summary>A cause for a job.</summary>
/// <param name="DedupeKey">1 to 100 characters.</param>
internal sealed record NewJob(
    long Account,
    Guid? Person,
    Guid InstanceId,
    Guid ProjectId,
    int Version,
    Guid ComponentId,
    string FlowName,
    string DedupeKey,
    Flows.Message Message)
{
    public Job ToJob(DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Account = Account,
        Person = Person,
        InstanceId = InstanceId,
        ProjectId = ProjectId,
        Version = Version,
        ComponentId = ComponentId,
        FlowName = FlowName,
        DedupeKey = DedupeKey,
        State = JobState.Queued,
        CreatedAt = now,
        NextAt = now,
    };
}
