using System.Net;
using System.Text.Json;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;

namespace Custodia.Identity.Jobs;

/// <summary>Remembers on whose behalf a job works, with the roles they had: what a job opens is recorded as theirs.</summary>
internal sealed class JobCallers(DataVault vault)
{
    public async Task<Sealed<string>> SealAsync(Job job, Caller caller, RequestFacts facts, string reason, CancellationToken cancellation) =>
        await vault.SealAsync(job.CallerPlace, JsonSerializer.Serialize(JobCaller.Of(caller, facts, reason), JobJson.Options), cancellation);

    /// <summary>Null when the job's key is gone.</summary>
    public async Task<JobOwner?> OpenAsync(Job job, CancellationToken cancellation) =>
        job.Caller is { } stored && await vault.OpenAsync(job.CallerPlace, stored, Job.UseWork, cancellation) is { } json
            ? JsonSerializer.Deserialize<JobCaller>(json, JobJson.Options)!.Restore(job.Account)
            : null;

    private sealed record JobCaller(
        CallerKind Kind, long AppId, Guid? Person, long SubAccountUin, string Name, string Directory, RequestSource Source, string TokenReference, IReadOnlyList<string> Roles)
    {
        public string RequestId { get; init; } = "";

        public string ClientIp { get; init; } = "";

        public string Region { get; init; } = "";

        public string Reason { get; init; } = "";

        public static JobCaller Of(Caller caller, RequestFacts facts, string reason) => new(
            caller.Kind, caller.AppId, caller.Person, caller.SubAccountUin, caller.Name, caller.Directory, caller.Source, caller.TokenReference, caller.Roles)
        {
            RequestId = facts.RequestId,
            ClientIp = facts.ClientIp.ToString(),
            Region = facts.Region,
            Reason = reason,
        };

        public JobOwner Restore(long account) => new(
            new Caller(Kind, account, AppId, Person, SubAccountUin, Name, Directory, Source, TokenReference) { Roles = Roles },
            new RequestFacts(RequestId, IPAddress.Parse(ClientIp), Region),
            Reason);
    }
}

/// <summary>On whose behalf a job works.</summary>
/// <param name="Facts">Of the request that started it.</param>
/// <param name="Reason">Why sealed values are opened, in their words.</param>
internal sealed record JobOwner(Caller Caller, RequestFacts Facts, string Reason);
