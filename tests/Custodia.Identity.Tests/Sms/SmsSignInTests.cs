using System.Net;
using System.Net.Http.Json;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Tests.SignIn;

namespace Custodia.Identity.Tests.Sms;

/// <summary>Signing in with codes by SMS, through an HTTP gateway that checks what it gets.</summary>
public sealed class SmsSignInTests(SmsServer server) : IClassFixture<SmsServer>
{
    [Fact]
    public async Task A_code_by_SMS_signs_in_and_the_gateway_gets_what_is_promised()
    {
        const string Number = "+4915123456701";
        var used = await UsedAsync();
        var (_, email) = await server.PersonAsync("+49 (151) 234-567.01", Number);
        var visitor = await server.AskAsync("+49 151 234 567 01");
        visitor.Status.ShouldBe(HttpStatusCode.OK, visitor.Html);
        await SmsServer.CodeAsync(visitor, await server.CodeToAsync(Number, before: 1));
        visitor.Location.ShouldBe("/account/customers");
        (await visitor.OpenAsync("/account/customers")).Html.ShouldContain(email);
        server.Gateway.Faults.ShouldBeEmpty();
        server.Gateway.To(Number)[^1].ShouldNotContain(email);
        (await UsedAsync()).ShouldBe(used + 2);
    }

    [Fact]
    public async Task An_unknown_number_gets_the_same_answer_and_no_message()
    {
        const string Known = "+4915123456702", Unknown = "+4915123456703";
        var (_, email) = await server.PersonAsync(Known, Known);
        var used = await UsedAsync();
        var known = await server.AskAsync(Known);
        var unknown = await server.AskAsync(Unknown);
        unknown.Status.ShouldBe(known.Status);
        unknown.Shape().ShouldBe(known.Shape());
        // A number that somebody only claims is nobody's.
        var id = await server.UserIdAsync(email);
        using var claimed = await (await server.AdminAsync()).PatchAsJsonAsync($"/api/v1/users/{id}", new { mobile = Unknown });
        claimed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.AskAsync(Unknown)).Shape().ShouldBe(known.Shape());
        (await UsedAsync()).ShouldBe(used + 1);
        server.Gateway.To(Unknown).ShouldBeEmpty();

        foreach (var visitor in new[] { known, unknown }) await SmsServer.CodeAsync(visitor, "000000");
        unknown.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        unknown.Shape().ShouldBe(known.Shape());
    }

    [Fact]
    public async Task After_five_wrong_tries_the_right_code_is_worth_nothing()
    {
        const string Number = "+4915123456704";
        await server.PersonAsync(Number, Number);
        var visitor = await server.AskAsync(Number);
        var right = await server.CodeToAsync(Number, before: 1);
        var wrong = right == "123456" ? "654321" : "123456";
        var asked = visitor.Copy();
        for (var i = 0; i < 5; i++) (await SmsServer.CodeAsync(visitor, wrong)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SmsServer.CodeAsync(visitor, right)).IsSignedIn().ShouldBeFalse();

        // Four leave it alive, and it works once.
        visitor = await server.AskAsync(Number);
        right = await server.CodeToAsync(Number, before: 2);
        wrong = right == "123456" ? "654321" : "123456";
        for (var i = 0; i < 4; i++) await SmsServer.CodeAsync(visitor, wrong);
        var second = visitor.Copy();
        (await SmsServer.CodeAsync(visitor, right)).IsSignedIn().ShouldBeTrue();
        (await SmsServer.CodeAsync(second, right)).IsSignedIn().ShouldBeFalse();
        (await SmsServer.CodeAsync(asked, right)).IsSignedIn().ShouldBeFalse();
    }

    [Fact]
    public async Task A_code_is_too_old_after_five_minutes()
    {
        const string Number = "+4915123456705";
        await server.PersonAsync(Number, Number);
        var visitor = await server.AskAsync(Number);
        var code = await server.CodeToAsync(Number, before: 1);
        server.Time.Advance(TimeSpan.FromMinutes(5));
        (await SmsServer.CodeAsync(visitor, code)).IsSignedIn().ShouldBeFalse();
    }

    /// <summary>What a directory pays for SMS is bounded by number, by address and by country; known and unknown numbers count alike.</summary>
    [Theory]
    [InlineData("number", "+35840111220", "198.51.100.1")]
    [InlineData("address", "+35140111221", "198.51.100.2")]
    [InlineData("country", "+35240111222", "198.51.100.3")]
    public async Task A_cap_is_kept_and_the_next_day_is_a_new_one(string cap, string number, string from)
    {
        await server.RulesAsync(number: cap == "number" ? 2 : 100, address: cap == "address" ? 2 : 10_000, country: cap == "country" ? 2 : 1_000_000);
        try
        {
            // Only what the cap is about stays the same.
            string NumberOf(int i) => cap == "number" ? number : cap == "country" ? $"{number}{i}" : $"+{421 + i}40111{i}2345";
            string FromOf(int i) => cap == "address" ? from : $"{from[..from.LastIndexOf('.')]}.{100 + i}";
            for (var i = 0; i < 2; i++) (await server.AskAsync(NumberOf(i), FromOf(i))).Html.ShouldContain("name=\"code\"");
            var refused = await server.AskAsync(NumberOf(2), FromOf(2));
            refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            refused.Html.ShouldNotContain("name=\"code\"");
            (await server.AskAsync("+8613900000000", "203.0.113.200")).Html.ShouldContain("name=\"code\"");

            server.Time.Advance(TimeSpan.FromDays(1));
            (await server.AskAsync(NumberOf(3), FromOf(3))).Html.ShouldContain("name=\"code\"");
        }
        finally
        {
            await server.RulesAsync();
        }
    }

    [Theory]
    [InlineData("0151 2345670")]
    [InlineData("+49")]
    [InlineData("+0491512345670")]
    [InlineData("+491512345678901234")]
    [InlineData("somebody")]
    public async Task A_number_that_is_not_international_is_refused_before_anything_is_sent(string number)
    {
        var visitor = await server.AskAsync(number);
        visitor.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        visitor.Html.ShouldContain("field-error");
    }

    [Fact]
    public async Task Only_countries_that_the_directory_allows_get_messages()
    {
        await server.RulesAsync(countries: "49");
        try
        {
            (await server.AskAsync("+4915123456706")).Html.ShouldContain("name=\"code\"");
            (await server.AskAsync("+4415123456706")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }
        finally
        {
            await server.RulesAsync();
        }
    }

    [Fact]
    public async Task What_a_gateway_does_not_take_is_brought_again_under_the_same_id_until_it_does()
    {
        const string Number = "+4915123456707";
        await server.PersonAsync(Number, Number);
        var before = server.Gateway.Calls.Count;
        server.Gateway.Fail(500, 0, 503);
        var visitor = await server.AskAsync(Number);
        visitor.Html.ShouldContain("name=\"code\"");
        // 30 s, 1 min, 2 min: the code is still young then.
        foreach (var (tries, pause) in new[] { (1, 30), (2, 60), (3, 120) })
        {
            await Eventually.TrueAsync(() => Task.FromResult(server.Gateway.Calls.Count >= before + tries));
            server.Gateway.To(Number).Count.ShouldBe(1);
            // The worker has noted the failure: the clock moves past the time of its next try.
            await Eventually.TrueAsync(async () => await server.TriesAsync() == tries);
            server.Time.Advance(TimeSpan.FromSeconds(pause));
        }

        var code = await server.CodeToAsync(Number, before: 1);
        var calls = server.Gateway.Calls.Skip(before).ToList();
        calls.Select(c => c.Answer).ShouldBe([500, 0, 503, 202]);
        calls.Select(c => c.Id).Distinct().Count().ShouldBe(1);
        server.Gateway.Faults.ShouldBeEmpty();
        (await SmsServer.CodeAsync(visitor, code)).IsSignedIn().ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_gateway_refuses_is_not_brought_again()
    {
        const string Number = "+4915123456708";
        await server.PersonAsync(Number, Number);
        var before = server.Gateway.Calls.Count;
        server.Gateway.Fail(422);
        await server.AskAsync(Number);
        await Eventually.TrueAsync(() => Task.FromResult(server.Gateway.Calls.Count > before));
        server.Time.Advance(TimeSpan.FromMinutes(1));
        // The next message comes through the same worker after it has looked again.
        await server.AskAsync(Number);
        await server.CodeToAsync(Number, before: 1);
        server.Gateway.Calls.Skip(before).Select(c => c.Answer).ShouldBe([422, 202]);
    }

    private async Task<long> UsedAsync() => (await server.StatisticsAsync()).GetProperty("smsUsed").GetInt64();
}
