using System.Net;
using Custodia.Identity.SignIn;

namespace Custodia.Identity.Tests.People;

public sealed class ThrottleTests
{
    [Fact]
    public async Task After_ten_wrong_passwords_a_name_waits_and_nobody_is_locked_out_for_good()
    {
        await using var server = await PeopleServer.StartNewAsync(s => s.Settings["Custodia:Identity:AttemptsPerName"] = "10");
        foreach (var name in new[] { "ada", "nobody-here" })
        {
            for (var i = 0; i < 10; i++) (await server.SignInAsync("customers", name, "wrong")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            var eleventh = await server.SignInAsync("customers", name);
            eleventh.Status.ShouldBe(HttpStatusCode.TooManyRequests);
            int.Parse(eleventh.RetryAfter!).ShouldBeInRange(1, 900);
        }

        server.Time.Advance(TimeSpan.FromMinutes(15));
        (await server.SignInAsync("customers", "ada")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Parallel_guesses_do_not_get_more_tries()
    {
        await using var server = await PeopleServer.StartNewAsync(s => s.Settings["Custodia:Identity:AttemptsPerName"] = "10");
        var visitors = Enumerable.Range(0, 30).Select(_ => server.Visitor()).ToArray();
        foreach (var visitor in visitors) await visitor.OpenAsync("/d/customers/sign-in");
        await Task.WhenAll(visitors.Select(v => v.PostAsync("/d/customers/sign-in", ("name", "ada"), ("password", "wrong"))));
        visitors.Count(v => v.Status == HttpStatusCode.UnprocessableEntity).ShouldBe(10);
        visitors.Count(v => v.Status == HttpStatusCode.TooManyRequests).ShouldBe(20);
    }

    [Fact]
    public async Task Invented_names_without_end_neither_fail_nor_fill_the_memory()
    {
        var attempts = new Attempts(TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(part => Task.Run(() =>
        {
            for (var i = 0; i < 60_000; i++) attempts.Take($"{part}/{i}", 10).ShouldBeNull();
        })));
        attempts.Kept.ShouldBeInRange(50_000, 100_000);
    }

    [Fact]
    public async Task Codes_to_one_address_are_limited_alike_for_known_and_unknown_people()
    {
        await using var server = await PeopleServer.StartNewAsync(s => s.Settings["Custodia:Identity:CodesPerRecipient"] = "3");
        foreach (var email in new[] { "ada@customers.example", "nobody@customers.example" })
        {
            var visitor = server.Visitor();
            await visitor.OpenAsync("/d/customers/sign-in/code");
            for (var i = 0; i < 3; i++) (await visitor.PostAsync("/d/customers/sign-in/code", ("email", email))).Status.ShouldBe(HttpStatusCode.OK);
            (await visitor.PostAsync("/d/customers/sign-in/code", ("email", email))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        }

        (await server.OutboxAsync("ada@customers.example")).Count(m => m.Origin == "identity.code").ShouldBe(3);
    }
}
