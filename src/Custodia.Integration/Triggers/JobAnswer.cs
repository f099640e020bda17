using System.Text;
using System.Text.Json.Nodes;
using Custodia.Integration.Engine;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Triggers;

/// <summary>What the caller of an HTTP trigger gets: the flow's answer while it is quick, else the job's number.</summary>
internal sealed class JobAnswer(IntegrationContext context, DataVault vault, JobSignal signal, TimeProvider time)
{
    private const int Rounds = 30;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    public static IResult Accepted(Guid job) =>
        Results.Json(new { job = job.ToString("N") }, statusCode: StatusCodes.Status202Accepted);

    public static IResult Of(ExpressAnswer answer) => answer switch
    {
        { Error: "timeout" } => Failed(StatusCodes.Status504GatewayTimeout, answer.Run, answer.Error),
        { Error: not null } => Failed(StatusCodes.Status502BadGateway, answer.Run, answer.Error),
        _ => Answered(answer.Response),
    };

    public async Task<IResult> WaitAsync(Guid id, CancellationToken cancellation)
    {
        // A worker in another process cannot signal, so the table is looked at once a second as well.
        for (var i = 0; i < Rounds; i++)
        {
            await signal.WaitForAsync(id, async () => await FindAsync(id, cancellation) is not null, Round, time, cancellation);
            if (await FindAsync(id, cancellation) is { } job) return await AnswerAsync(job, cancellation);
        }

        return Accepted(id);
    }

    private Task<Job?> FindAsync(Guid id, CancellationToken cancellation) =>
        context.Jobs.AsNoTracking().FirstOrDefaultAsync(
            j => j.Id == id && (j.State == JobState.Done || j.State == JobState.Failed || j.State == JobState.Cancelled || j.State == JobState.InDoubt),
            cancellation);

    private async Task<IResult> AnswerAsync(Job job, CancellationToken cancellation)
    {
        if (job.State != JobState.Done) return Failed(StatusCodes.Status502BadGateway, job.Id, job.ErrorCode);
        if (job.Response is null) return Answered(null);
        if (await vault.OpenAsync(job.ResponsePlace, job.Response, JobStore.RunUse, cancellation) is not { } stored) return Problem.Of(StatusCodes.Status410Gone, "shredded", "The answer is gone.");
        return Answered(JsonNode.Parse(stored)!.AsObject());
    }

    private static IResult Failed(int status, Guid job, string? code) =>
        Problem.Of(status, "flow-failed", "The flow did not come to its end.", ("job", job.ToString("N")), ("code", code));

    private static IResult Answered(JsonObject? response)
    {
        if (response is null) return Results.NoContent();
        var status = response["status"]!.GetValue<int>();
        return response["body"] is { } body && status is not (204 or 304) ? Results.Text(body.ToJsonString(), "application/json", Encoding.UTF8, status) : Results.StatusCode(status);
    }
}
