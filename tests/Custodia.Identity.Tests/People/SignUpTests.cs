using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Custodia.Identity.Tests.People;

public sealed class SignUpTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    [Fact]
    public async Task A_person_signs_up_with_a_mailed_code_and_is_signed_in()
    {
        var visitor = await server.SignUpAsync("nina@example.com", displayName: "Nina Canary");
        visitor.Location.ShouldBe("/account/customers");
        await visitor.OpenAsync("/account/customers");
        visitor.Status.ShouldBe(HttpStatusCode.OK);
        visitor.Html.ShouldContain("Nina Canary");
        visitor.Html.ShouldContain("nina@example.com");
    }

    [Fact]
    public async Task Signing_up_with_an_existing_address_answers_alike_and_mails_its_owner()
    {
        await server.SignUpAsync("owner@example.com");
        var again = server.Visitor();
        await again.OpenAsync("/d/customers/sign-up");
        await again.PostAsync("/d/customers/sign-up", ("email", "OWNER@example.com"), ("password", "another-long-phrase"));
        var unknown = server.Visitor();
        await unknown.OpenAsync("/d/customers/sign-up");
        await unknown.PostAsync("/d/customers/sign-up", ("email", "fresh@example.com"), ("password", "another-long-phrase"));
        again.Status.ShouldBe(unknown.Status);
        again.Shape().ShouldBe(unknown.Shape());
        var mail = (await server.OutboxAsync("OWNER@example.com")).First(m => m.Origin != "integration.flow");
        mail.Origin.ShouldBe("identity.notice");
        mail.Text.ShouldNotMatch("[0-9]{6}");
    }

    [Fact]
    public async Task Twenty_parallel_registrations_of_one_address_make_one_user()
    {
        const string email = "race@example.com";
        var before = (await server.StatisticsAsync()).GetProperty("users").GetInt64();
        List<(Visitor Visitor, string Code)> started = [];
        for (var i = 0; i < 20; i++)
        {
            var visitor = server.Visitor();
            await visitor.OpenAsync("/d/customers/sign-up");
            await visitor.PostAsync("/d/customers/sign-up", ("email", email), ("password", "a-quite-long-phrase"));
            started.Add((visitor, await server.CodeForAsync(email)));
        }

        await Task.WhenAll(started.Select(s => s.Visitor.PostAsync("/d/customers/sign-up/code", ("id", s.Visitor.Hidden("id")), ("code", s.Code))));
        started.Count(s => s.Visitor.Status == HttpStatusCode.SeeOther).ShouldBe(1);
        started.Count(s => s.Visitor.Status == HttpStatusCode.UnprocessableEntity).ShouldBe(19);
        await server.UserIdAsync(email);
        (await server.StatisticsAsync()).GetProperty("users").GetInt64().ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_taken_user_name_is_told_after_the_address_is_verified_and_another_goes_with_the_same_code()
    {
        await server.SignUpAsync("first@example.com", userName: "wanted");
        var second = server.Visitor();
        await second.OpenAsync("/d/customers/sign-up");
        await second.PostAsync("/d/customers/sign-up", ("email", "second@example.com"), ("password", "a-quite-long-phrase"), ("user-name", "Wanted"));
        second.Status.ShouldBe(HttpStatusCode.OK);
        var code = await server.CodeForAsync("second@example.com");
        var id = second.Hidden("id");
        await second.PostAsync("/d/customers/sign-up/code", ("id", id), ("code", code));
        second.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        second.Html.ShouldContain("name=\"user-name\"");
        await second.PostAsync("/d/customers/sign-up/code", ("id", id), ("code", code), ("user-name", "wanted2"));
        second.Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("email", "no-address", "This is not an email address")]
    [InlineData("email", "a@b", "This is not an email address")]
    [InlineData("password", "short", "At least 8 characters")]
    [InlineData("password", "Password123!", "guessed first")]
    [InlineData("password", "bad-bad-input", null)]
    [InlineData("password", "my-tester-name-1", "Your name must not be part")]
    [InlineData("user-name", "a@b.example", "Letters, digits")]
    [InlineData("user-name", "a\u0007b", "characters that cannot be shown")]
    public async Task Every_rule_is_told_beside_its_field(string field, string value, string? told)
    {
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        var form = new Dictionary<string, string> { ["email"] = "tester-name@example.com", ["password"] = "a-quite-long-phrase", [field] = value };
        await visitor.PostAsync("/d/customers/sign-up", [.. form.Select(f => (f.Key, f.Value))]);
        visitor.Status.ShouldBe(told is null ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity);
        if (told is not null) visitor.Html.ShouldContain(told);
    }

    [Fact]
    public async Task Nobody_signs_up_to_a_staff_directory()
    {
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        await visitor.PostAsync("/d/staff/sign-up", ("email", "spy@example.com"), ("password", "a-quite-long-phrase"));
        visitor.Status.ShouldBe(HttpStatusCode.Forbidden);
        (await server.OutboxAsync("spy@example.com")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var form = new FormUrlEncodedContent([new("email", "csrf@example.com"), new("password", "a-quite-long-phrase")]);
        using var answer = await server.Client().PostAsync("/d/customers/sign-up", form);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await server.OutboxAsync("csrf@example.com")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_directory_is_a_problem()
    {
        using var answer = await server.Client().GetAsync("/d/nowhere/sign-up");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe("urn:custodia:problem:not-found");
    }

    [Fact]
    public async Task A_code_that_comes_too_late_makes_no_user()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var visitor = own.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        await visitor.PostAsync("/d/customers/sign-up", ("email", "late@example.com"), ("password", "a-quite-long-phrase"));
        var (id, code) = (visitor.Hidden("id"), await own.CodeForAsync("late@example.com"));
        own.Time.Advance(TimeSpan.FromMinutes(6));
        await visitor.PostAsync("/d/customers/sign-up/code", ("id", id), ("code", code));
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await (await own.AdminAsync()).GetFromJsonAsync<JsonElement>("/api/v1/users?directory=customers&email=late@example.com")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }
}
