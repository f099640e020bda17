using System.Net;

namespace Custodia.Identity.Tests.People;

/// <summary>Two people at one browser, and pages that stay open longer than what they belong to.</summary>
public sealed class OneBrowserTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Edit = "/account/customers/edit";

    [Fact]
    public async Task What_one_person_has_typed_is_never_saved_for_the_next_who_signs_in()
    {
        await server.SignUpAsync("second@example.com", displayName: "The Second");
        var first = await server.SignUpAsync("first@example.com", displayName: "The First");
        await first.OpenAsync(Edit);
        var window = first.Copy();
        await window.PostAsync("/d/customers/sign-out");
        await window.OpenAsync("/d/customers/sign-in");
        await window.PostAsync("/d/customers/sign-in", ("name", "second@example.com"), ("password", "a-quite-long-phrase"));
        window.Location.ShouldBe("/account/customers");

        first.Follow(window);
        await first.PostAsync(Edit, ("display-name", "Typed by the first"));
        first.Status.ShouldBe(HttpStatusCode.BadRequest);
        first.Html.ShouldContain("This form is no longer valid");
        (await window.OpenAsync("/account/customers")).Html.ShouldContain("The Second");

        // Their own forms count, also those that nobody in particular was shown.
        await window.OpenAsync(Edit);
        (await window.PostAsync(Edit, ("display-name", "Typed by the second"))).Location.ShouldBe("/account/customers?note=saved");
    }

    [Fact]
    public async Task A_form_stays_good_over_a_new_sign_in_of_the_same_person()
    {
        var person = await server.SignUpAsync("same@example.com", displayName: "Same");
        await person.OpenAsync(Edit);
        var window = person.Copy();
        await window.PostAsync("/d/customers/sign-out");
        await window.OpenAsync("/d/customers/sign-in");
        await window.PostAsync("/d/customers/sign-in", ("name", "same@example.com"), ("password", "a-quite-long-phrase"));
        person.Follow(window);
        (await person.PostAsync(Edit, ("display-name", "Still the same"))).Location.ShouldBe("/account/customers?note=saved");
    }

    [Fact]
    public async Task Who_posts_after_the_session_has_ended_is_told_so_and_led_to_sign_in()
    {
        var person = await server.SignUpAsync("ended@example.com");
        await person.OpenAsync(Edit);
        var window = person.Copy();
        await window.PostAsync("/d/customers/sign-out");
        await person.PostAsync(Edit, ("display-name", "Too late"));
        person.Status.ShouldBe(HttpStatusCode.Unauthorized);
        person.Html.ShouldContain("what you sent last was not saved");
        person.Html.ShouldContain("href=\"/d/customers/sign-in\"");
    }
}
