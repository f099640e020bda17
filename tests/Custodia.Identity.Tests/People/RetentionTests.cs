using System.Net;
using System.Net.Http.Json;
using Custodia.Identity.Authorize;
using Custodia.Identity.Codes;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignUp;
using Custodia.Identity.Users;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.People;

public sealed class RetentionTests
{
    [Fact]
    public async Task Unfinished_sign_ups_and_codes_go_after_a_day_and_not_before()
    {
        await using var server = await StartAsync();
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        await visitor.PostAsync("/d/customers/sign-up", ("email", "never@example.com"), ("password", "a-quite-long-phrase"));
        PendingSignUp? pending = null;
        await server.InScopeAsync(async s => pending = await s.GetRequiredService<IdentityContext>().PendingSignUps.AsNoTracking().SingleAsync());
        server.Time.Advance(TimeSpan.FromHours(23));
        (await EnforceAsync(server, PendingSignUp.Category, "age")).ShouldBe(0);
        (await EnforceAsync(server, OneTimeCode.Category, "age")).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromHours(2));
        (await EnforceAsync(server, PendingSignUp.Category, "age")).ShouldBe(1);
        (await EnforceAsync(server, OneTimeCode.Category, "age")).ShouldBe(1);
        await server.InScopeAsync(async s =>
            (await s.GetRequiredService<DataVault>().OpenAsync(pending!.FormPlace, pending.Form, "registration", default)).ShouldBeNull("the key went with it"));
    }

    [Fact]
    public async Task A_waiting_request_goes_after_an_hour_and_its_key_with_the_day()
    {
        await using var server = await StartAsync();
        var visitor = await server.Visitor().OpenAsync("/demo/sign-in");
        await visitor.OpenAsync(visitor.Location!);
        StoredRequest? waiting = null;
        await server.InScopeAsync(async s => waiting = await s.GetRequiredService<IdentityContext>().StoredRequests.AsNoTracking().SingleAsync());
        (await EnforceAsync(server, StoredRequest.Category, "expired")).ShouldBe(0);
        server.Time.Advance(StoredRequest.Life + TimeSpan.FromMinutes(1));
        (await EnforceAsync(server, StoredRequest.Category, "expired")).ShouldBe(1);
        server.Time.Advance(TimeSpan.FromDays(1));
        (await EnforceAsync(server, StoredRequest.Category, "expired")).ShouldBe(0);
        await server.InScopeAsync(async s =>
            (await s.GetRequiredService<DataVault>().OpenAsync(waiting!.ParametersPlace, waiting.Parameters, "sign-in", default)).ShouldBeNull("a backup that still has it cannot open it"));
    }

    [Fact]
    public async Task Sessions_go_after_ninety_days()
    {
        await using var server = await StartAsync();
        await server.SignInAsync("customers", "ada");
        server.Time.Advance(TimeSpan.FromDays(89));
        (await EnforceAsync(server, Session.Category, "age")).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromDays(2));
        (await EnforceAsync(server, Session.Category, "age")).ShouldBe(1);
    }

    [Fact]
    public async Task Dormant_users_are_deleted_where_the_directory_says_so()
    {
        await using var server = await StartAsync();
        server.Time.Advance(TimeSpan.FromDays(31));
        await server.SignInAsync("customers", "ada");
        (await EnforceAsync(server, "identity.user-profile", "dormant")).ShouldBe(0);
        using var set = await (await server.AdminAsync()).PatchAsJsonAsync("/api/v1/directories/customers", new { dormantDays = 30 });
        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await EnforceAsync(server, "identity.user-profile", "dormant")).ShouldBe(4);
        await Eventually.TrueAsync(async () => (await server.StatisticsAsync()).GetProperty("users").GetInt64() == 1);
        (await server.SignInAsync("customers", "ada")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Dormant_users_whose_grace_runs_do_not_hide_the_next_ones()
    {
        await using var server = await StartAsync();
        await AddUsersAsync(server, 501);
        using var set = await (await server.AdminAsync()).PatchAsJsonAsync("/api/v1/directories/customers", new { dormantDays = 30, graceDays = 7 });
        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Time.Advance(TimeSpan.FromDays(31));
        (await EnforceAsync(server, "identity.user-profile", "dormant")).ShouldBe(506);
        await AddUsersAsync(server, 2);
        server.Time.Advance(TimeSpan.FromDays(5));
        await server.InScopeAsync(async s => await s.GetRequiredService<IdentityContext>().Users.ExecuteUpdateAsync(u => u.SetProperty(x => x.LastSignInAt, DateTimeOffset.UnixEpoch)));
        (await EnforceAsync(server, "identity.user-profile", "dormant", foreseen: 508)).ShouldBe(2);
        (await EnforceAsync(server, "identity.user-profile", "dormant", foreseen: 508)).ShouldBe(0);
    }

    [Fact]
    public async Task Ending_the_service_deletes_people_then_directories_then_the_account()
    {
        await using var server = await StartAsync();
        var account = await server.AccountAsync();
        await server.InScopeAsync(async s => (await s.GetRequiredService<AccountServices>().TerminateAsync(account, "identity", default)).ShouldBeTrue());
        (await EnforceAsync(server, "identity.statistics", "service-terminated")).ShouldBeGreaterThan(0);
        await EnforceAsync(server, "identity.directory", "service-terminated");
        await Eventually.TrueAsync(async () =>
        {
            var left = -1;
            await server.InScopeAsync(async s => left = await s.GetRequiredService<IdentityContext>().Users.CountAsync());
            return left == 0;
        });
        (await EnforceAsync(server, "identity.directory", "service-terminated")).ShouldBe(2);
        (await EnforceAsync(server, "identity.account", "service-terminated")).ShouldBe(1);
    }

    [Fact]
    public async Task Erasing_a_person_takes_their_other_sign_ups_along()
    {
        await using var server = await StartAsync();
        var again = server.Visitor();
        await again.OpenAsync("/d/customers/sign-up");
        await again.PostAsync("/d/customers/sign-up", ("email", "twice@example.com"), ("password", "a-quite-long-phrase"), ("display-name", "Twice Canary"));
        var visitor = await server.SignUpAsync("twice@example.com");
        await visitor.OpenAsync("/account/customers/delete");
        await visitor.PostAsync("/account/customers/delete", ("password", "a-quite-long-phrase"), ("confirmed", "true"));
        await Eventually.TrueAsync(async () =>
        {
            var left = -1;
            await server.InScopeAsync(async s => left = await s.GetRequiredService<IdentityContext>().PendingSignUps.CountAsync());
            return left == 0;
        });
    }

    // Without the scheduler, which would enforce the same lines at its own time.
    private static Task<PeopleServer> StartAsync() => PeopleServer.StartNewAsync(s => s.Settings["Custodia:Roles"] = "web,worker");

    private static Task AddUsersAsync(PeopleServer server, int count) =>
        server.InScopeAsync(async services =>
        {
            var context = services.GetRequiredService<IdentityContext>();
            var directory = await context.Directories.SingleAsync(d => d.Name == "customers");
            context.Users.AddRange(Enumerable.Range(0, count).Select(_ => new User
            {
                Id = Guid.CreateVersion7(server.Time.GetUtcNow()),
                Account = directory.Account,
                DirectoryId = directory.Id,
                SecurityStamp = "stamp",
                CreatedAt = server.Time.GetUtcNow(),
            }));
            await context.SaveChangesAsync();
        });

    /// <param name="foreseen">What the preview says, where it differs: people whose grace runs are due still, but not deleted again.</param>
    private static async Task<int> EnforceAsync(PeopleServer server, string category, string trigger, int? foreseen = null)
    {
        var deleted = 0;
        await server.InScopeAsync(async services =>
        {
            var rule = services.GetServices<IRetentionRule>().Single(r => r.Category == category && r.Trigger == trigger);
            var line = services.GetRequiredService<LoadedPolicy>().Category(category).DeleteOn.Single(t => t.Name == trigger);
            var moment = new RetentionMoment(server.Time.GetUtcNow(), line);
            var preview = await rule.PreviewAsync(moment, default);
            deleted = await rule.EnforceAsync(moment, default);
            // What is deleted in one run is never more than what the preview promised.
            if (trigger != "service-terminated") preview.Due.ShouldBe(foreseen ?? deleted);
        });
        return deleted;
    }
}
