using System.Text.Json.Nodes;
using Custodia.Integration.Audit;
using Custodia.Integration.Engine;
using Custodia.Integration.Flows;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Streams;
using Custodia.Kernel.Vault;
using Custodia.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Integration.Tests;

public sealed class DataTests(IntegrationServer server) : IClassFixture<IntegrationServer>
{
    [Theory]
    [InlineData("integration.running-log", typeof(RunningRecord), "run-time log-level job-id flow-name application-name connector-name operation-name log-category runtime-name")]
    [InlineData("integration.audit-log", typeof(AuditRecord), "audit-time user-name user-id result project-name audit-module audit-category audit-content")]
    public void The_logs_have_exactly_the_policys_fields(string category, Type record, string fields)
    {
        var shape = StreamShape.Of(record);
        shape.Category.ShouldBe(category);
        shape.Fields.Select(f => f.Name).ShouldBe(fields.Split(' '), ignoreOrder: true);
        server.Services.GetRequiredService<LoadedPolicy>().Category(category).Fields.Select(f => f.Name).ShouldBe(fields.Split(' '), ignoreOrder: true);
    }

    [Fact]
    public async Task Every_administrative_act_is_audited_before_it_is_answered()
    {
        var client = await FlowClient.OfAsync(server);
        var (project, _, _) = await client.DeployAsync("flow: 1\nname: audited\nsteps: []");
        using var deleted = await client.Http.DeleteAsync($"/api/v1/integration/projects/{project}");
        deleted.IsSuccessStatusCode.ShouldBeTrue();
        var account = await AccountAsync();
        var page = await server.Services.GetRequiredService<LogStreams>().QueryAsync(new StreamQuery("integration.audit-log", account), default);
        page.Entries.Count.ShouldBeGreaterThanOrEqualTo(5);
    }

    [Fact]
    public async Task A_job_of_an_erased_person_stops_and_its_data_is_unreadable()
    {
        var person = Guid.CreateVersion7();
        await using var scope = server.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var id = await AddJobAsync(services, person, state: JobState.Waiting);
        await services.GetRequiredService<DataVault>().DestroyAsync(KeyId.Subject(await AccountAsync(), person), "account-deleted", default);
        var store = services.GetRequiredService<JobStore>();
        var job = await JobAsync(services, id);
        (await store.LoadAsync(new Lease(id, job.Fence), default)).ShouldBeNull();
        var after = await JobAsync(services, id);
        after.State.ShouldBe(JobState.Failed);
        after.ErrorCode.ShouldBe("subject-erased");
        (await services.GetRequiredService<DataVault>().OpenAsync(after.MessagePlace, after.Message, JobStore.RunUse, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_person_is_shown_their_jobs_and_erasure_deletes_them()
    {
        var person = Guid.CreateVersion7();
        await using var scope = server.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        await AddJobAsync(services, person, JobState.Waiting);
        var subject = new Subject(await AccountAsync(), person);
        var data = services.GetServices<ISubjectData>().Single(d => d.Module == "integration");
        var exported = await data.ExportAsync(subject, default).ToListAsync();
        exported.ShouldHaveSingleItem().Values.Single(v => v.Key == "message").Value!.ShouldContain("ada@example.com");
        (await data.EraseAsync(subject, default)).Categories.ShouldHaveSingleItem().Deleted.ShouldBe(1);
        (await data.EraseAsync(subject, default)).Categories.ShouldHaveSingleItem().Deleted.ShouldBe(0);
        (await data.ExportAsync(subject, default).ToListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Jobs_go_after_seven_days_and_deleted_projects_within_thirty()
    {
        // Without the worker, whose jobs for the sample people come while they are counted.
        await using var own = await CustodiaServer.StartAsync(s => s.Settings["Custodia:Roles"] = "web");
        await using var scope = own.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var context = services.GetRequiredService<IntegrationContext>();
        await AddJobAsync(services, null, JobState.Done);
        var client = await FlowClient.OfAsync(own);
        var (project, _, _) = await client.DeployAsync("flow: 1\nname: doomed\nsteps: []");
        using var deleted = await client.Http.DeleteAsync($"/api/v1/integration/projects/{project}");
        (await EnforceAsync(services, "integration.job", own.Time.GetUtcNow().AddDays(6))).ShouldBe(0);
        var jobs = await context.Jobs.CountAsync();
        (await EnforceAsync(services, "integration.job", own.Time.GetUtcNow().AddDays(8))).ShouldBe(jobs);
        (await EnforceAsync(services, "integration.metadata", own.Time.GetUtcNow().AddDays(28))).ShouldBe(0);
        (await EnforceAsync(services, "integration.metadata", own.Time.GetUtcNow().AddDays(30))).ShouldBe(1);
        (await context.Flows.CountAsync(f => f.ProjectId == project)).ShouldBe(0);
        (await context.VersionedFlows.CountAsync(f => f.ProjectId == project)).ShouldBe(0);
    }

    [Fact]
    public async Task When_an_account_ends_the_service_its_flows_stop_and_its_designs_are_gone_within_thirty_days()
    {
        await using var own = await CustodiaServer.StartAsync();
        await using var scope = own.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var context = services.GetRequiredService<IntegrationContext>();
        var client = await FlowClient.OfAsync(own);
        var (_, _, url) = await client.DeployAsync("flow: 1\nname: ended\ntrigger: { http: { path: ended } }\nsteps:\n  - respond: { body: here }");
        var account = await context.Runtimes.Select(r => r.Account).FirstAsync();
        (await services.GetRequiredService<Custodia.Kernel.Storage.AccountServices>().TerminateAsync(account, "integration", default)).ShouldBeTrue();
        var now = own.Time.GetUtcNow();
        (await EnforceAsync(services, "integration.design", now.AddDays(1), "service-terminated")).ShouldBe(0);
        (await client.Http.PostAsync(url, null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await context.Flows.CountAsync()).ShouldBeGreaterThan(0);
        (await EnforceAsync(services, "integration.design", now.AddDays(28), "service-terminated")).ShouldBe(0);
        (await EnforceAsync(services, "integration.design", now.AddDays(30), "service-terminated")).ShouldBeGreaterThan(0);
        (await context.Groups.CountAsync() + await context.Projects.CountAsync() + await context.Flows.CountAsync() + await context.VersionedFlows.CountAsync()
            + await context.Instances.CountAsync() + await context.DeployedTriggers.CountAsync() + await context.Runtimes.CountAsync()).ShouldBe(0);
    }

    private static Task<int> EnforceAsync(IServiceProvider services, string category, DateTimeOffset now, string trigger = "")
    {
        var policy = services.GetRequiredService<LoadedPolicy>().Category(category);
        var rule = services.GetServices<IRetentionRule>().Single(r => r.Category == category && (trigger.Length > 0 ? r.Trigger == trigger : r.Trigger is "age" or "deletion-requested"));
        return rule.EnforceAsync(new RetentionMoment(now, policy.DeleteOn.Single(t => t.Name == rule.Trigger)), default);
    }

    private async Task<long> AccountAsync()
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IntegrationContext>().Runtimes.Select(r => r.Account).FirstAsync();
    }

    private static Task<Job> JobAsync(IServiceProvider services, Guid id) =>
        services.GetRequiredService<IntegrationContext>().Jobs.AsNoTracking().SingleAsync(j => j.Id == id);

    /// <summary>A job that no worker takes for now.</summary>
    private static async Task<Guid> AddJobAsync(IServiceProvider services, Guid? person, JobState state)
    {
        var context = services.GetRequiredService<IntegrationContext>();
        var flow = await context.VersionedFlows.FirstAsync();
        var instance = await context.Instances.FirstAsync(i => i.ProjectId == flow.ProjectId);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var job = new Job
        {
            Id = Guid.CreateVersion7(now),
            Account = instance.Account,
            Person = person,
            InstanceId = instance.InstanceId,
            ProjectId = flow.ProjectId,
            Version = flow.Version,
            ComponentId = flow.ComponentId,
            FlowName = flow.Name,
            DedupeKey = Guid.CreateVersion7().ToString("N"),
            State = state,
            CreatedAt = now,
            NextAt = now.AddDays(1),
        };
        var message = new Message { Payload = new JsonObject { ["email"] = "ada@example.com" } };
        job.Message = await services.GetRequiredService<DataVault>().SealAsync(job.MessagePlace, System.Text.Encoding.UTF8.GetBytes(message.ToDocument().ToJsonString()), default);
        context.Jobs.Add(job);
        await context.SaveChangesAsync();
        context.ChangeTracker.Clear();
        return job.Id;
    }
}
