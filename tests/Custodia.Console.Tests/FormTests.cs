using System.Net;
using Custodia.Console.Tests.Support;

namespace Custodia.Console.Tests;

[Collection(LookCollection.Name)]
public sealed class FormTests(LookHost host)
{
    [Fact]
    public async Task A_field_shows_its_error_and_keeps_the_value_encoded()
    {
        var html = await PostedAsync(("email", "\"><script>alert(1)</script>"), ("note", "\n<b>&"), ("region", "cn"), ("stay", "true"));

        var email = Html.Tag(html, "<input id=\"email\"");
        email.ShouldContain("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"");
        email.ShouldContain("aria-invalid=\"true\"");
        email.ShouldContain("aria-describedby=\"email-error email-hint\"");
        html.ShouldContain("Not an &lt;address&gt;.");
        html.ShouldContain("<a href=\"#email\">Email: Not an &lt;address&gt;.</a>");
        html.ShouldContain("The pair does not match.");
        html.ShouldContain(">&#xA;&#xA;&lt;b&gt;&amp;</textarea>");
        Html.Tag(html, "<option value=\"cn\"").ShouldContain("selected");
        Html.Tag(html, "<option value=\"eu\"").ShouldNotContain("selected");
        Html.Tag(html, "<input id=\"stay\"").ShouldContain("checked");
        Html.AgainstPolicy(html).ShouldBeEmpty();
        Html.References(html).Except(Html.Ids(html)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_password_is_never_sent_back()
    {
        var html = await PostedAsync(("email", "ada@example.com"), ("password", "correct horse"));
        html.ShouldNotContain("correct horse");
    }

    [Fact]
    public async Task An_empty_form_shows_no_error()
    {
        var html = await host.PageAsync("/small");
        html.ShouldNotContain("aria-invalid");
        html.ShouldNotContain("role=\"alert\"");
        Html.Tag(html, "<input id=\"email\"").ShouldContain("aria-describedby=\"email-hint\"");
        Html.Tag(html, "<input id=\"stay\"").ShouldNotContain("checked");
    }

    [Fact]
    public async Task A_post_without_the_token_of_its_page_is_refused()
    {
        using var response = await host.PostAsync("/small", [("email", "ada@example.com")]);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public void The_first_error_of_a_field_stays()
    {
        var form = new FormState().Fail("a", "first").Fail("a", "second");
        form.Error("a").ShouldBe("first");
        form.IsValid.ShouldBeFalse();
        new FormState().IsValid.ShouldBeTrue();
    }

    [Fact]
    public async Task A_filter_keeps_what_the_address_says()
    {
        var html = await host.PageAsync("/console/rooms?q=%22blue%22&state=shut&mine=true&note=saved");

        Html.Tag(html, "<input id=\"q\"").ShouldContain("value=\"&quot;blue&quot;\"");
        Html.Tag(html, "<option value=\"shut\"").ShouldContain("selected");
        Html.Tag(html, "<input id=\"mine\"").ShouldContain("checked");
        html.ShouldContain("Reset");
        (await host.PageAsync("/console/rooms")).ShouldNotContain("Reset");
    }

    private async Task<string> PostedAsync(params (string Name, string Value)[] fields)
    {
        using var page = await host.GetAsync("/small");
        var token = Html.FormToken(await page.Content.ReadAsStringAsync());
        var cookie = page.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        cookie.ShouldStartWith("custodia_form=");
        using var response = await host.PostAsync("/small", fields.Append((AntiforgeryField.FieldName, token)), ("Cookie", cookie));
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        return await response.Content.ReadAsStringAsync();
    }
}
