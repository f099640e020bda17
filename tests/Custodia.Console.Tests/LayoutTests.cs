using Custodia.Console.Tests.Support;

namespace Custodia.Console.Tests;

[Collection(LookCollection.Name)]
public sealed class LayoutTests(LookHost host)
{
    [Theory]
    [InlineData("/public", "site", "Public · Custodia")]
    [InlineData("/small", "card-page", "Sign in · Custodia")]
    [InlineData("/own", "portal", "Profile · Custodia")]
    [InlineData("/console/rooms", "console", "Rooms · Custodia")]
    [InlineData("/console/everything", "console", "Everything · Custodia")]
    public async Task A_layout_is_whole_and_keeps_to_the_policy(string path, string layout, string title)
    {
        foreach (var language in (string[])["en", "zh"])
        {
            var html = await host.PageAsync(path, ("Accept-Language", language));

            Html.AgainstPolicy(html).ShouldBeEmpty();
            html.ShouldStartWith("<!DOCTYPE html>");
            html.ShouldContain($"<html lang=\"{language}\"");
            html.ShouldContain($"<title>{title}</title>");
            html.ShouldContain($"<body class=\"{layout}\">");
            html.ShouldContain("<a class=\"skip\" href=\"#main\">");
            html.ShouldContain("<main id=\"main\"");
            html.ShouldContain(LookAssets.Url("console.css"));
            html.ShouldContain(LookAssets.Url("console.js"));
            html.ShouldContain("<h1>");
            Html.Ids(html).ShouldBeUnique();
            Html.References(html).Except(Html.Ids(html)).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("<p style=\"x\">")]
    [InlineData("<style>p{}</style>")]
    [InlineData("<button onclick=\"x()\">")]
    [InlineData("<script>x()</script>")]
    [InlineData("<a href=\"javascript:x()\">")]
    [InlineData("<p hx-on:click=\"x()\">")]
    public void The_check_of_the_policy_sees_what_it_must(string markup) => Html.AgainstPolicy(markup).ShouldNotBeEmpty();

    [Fact]
    public async Task Navigation_shows_what_a_person_may_use_and_where_they_are()
    {
        var html = await host.PageAsync("/console/rooms");

        html.ShouldContain("<a href=\"/console/rooms\" aria-current=\"page\">");
        html.ShouldContain("<a href=\"/console\">");
        html.ShouldNotContain("/console/vault");
        html.ShouldContain("Ada &lt;3");
        html.ShouldContain("action=\"/sign-out\"");
    }

    [Fact]
    public async Task Nobody_signed_in_sees_only_what_needs_no_permission()
    {
        var html = await host.PageAsync("/console/everything");

        html.ShouldContain("href=\"/console\"");
        html.ShouldNotContain("href=\"/console/rooms\"");
        html.ShouldNotContain("user-button");
    }

    [Fact]
    public async Task A_directory_shows_its_name_and_its_colour()
    {
        var html = await host.PageAsync("/branded");

        html.ShouldContain("Acme &amp; Sons");
        html.ShouldContain("<title>Sign in · Acme &amp; Sons</title>");
        html.ShouldContain("href=\"/assets/brand/7a2fb5.css\"");
        html.ShouldContain("Below the card");
    }

    [Theory]
    [InlineData("red")]
    [InlineData("%237a2fb5%22%3E%3Cscript%3E")]
    [InlineData("%23zzzzzz")]
    public async Task What_is_not_a_colour_makes_no_style_sheet(string colour) =>
        (await host.PageAsync("/branded?colour=" + colour)).ShouldNotContain("/assets/brand/");

    [Fact]
    public async Task A_portal_marks_its_current_link() =>
        (await host.PageAsync("/own")).ShouldContain("<a href=\"/own\" aria-current=\"page\">");

    [Fact]
    public async Task A_notice_is_shown_by_its_code_and_never_by_its_text()
    {
        (await host.PageAsync("/public?note=saved")).ShouldContain("Saved.");
        (await host.PageAsync("/public?note=saved", ("Accept-Language", "zh"))).ShouldContain("已保存。");
        var unknown = await host.PageAsync("/public?note=Your+account+is+locked");
        unknown.ShouldNotContain("data-flash");
        unknown.ShouldNotContain("<p>Your account is locked");
    }
}
