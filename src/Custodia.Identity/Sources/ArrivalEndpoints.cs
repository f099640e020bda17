using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Registration;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Identity.SignUp;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Sources;

/// <summary>
/// <c>/d/{directory}/arrival</c>: somebody whom a source has signed in joins the directory. What the directory asks of everybody is
/// asked of them too (fields, agreements, age), but no password; an address that nobody vouches for is verified by a code first.
/// </summary>
internal static class ArrivalEndpoints
{
    public static void MapArrival(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/d/{directory}/arrival").AllowAnyone("People who have signed in elsewhere join here").ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", JoinAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, string directory, IdentityContext database, ExternalCookies cookies, SignUpEntry entry, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        if (cookies.Arrived(http, home.Id) is not { } arrival) return Elsewhere(home, SourceNotes.Gone);
        if (await entry.OpenAsync(home, cancellation) is not { } asked) return Elsewhere(home, SourceNotes.Unknown);
        var form = new FormState([new(UserField.Email.Name, arrival.Email), new(UserField.DisplayName.Name, arrival.Name)]);
        return SignUpEntry.RefusedBefore(http, asked) ?? View.Show<SignUpPage>(Model(asked, arrival, form, SignInEndpoints.Wanted(http.Request.Query["return"])));
    }

    private static async Task<IResult> JoinAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, IdentityContext database, ExternalCookies cookies, NewPeople people, [AsParameters] SignUpParts parts, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        if (cookies.Arrived(http, home.Id) is not { } arrival) return Elsewhere(home, SourceNotes.Gone);
        if (await parts.Entry.OpenAsync(home, cancellation) is not { } asked) return Elsewhere(home, SourceNotes.Unknown);
        var form = new FormState(posted);
        var back = SignInEndpoints.Wanted(form["return"]);
        if (await parts.Entry.RefusalAsync(http, asked, form, cancellation) is { } refusal) return refusal;
        var today = DateOnly.FromDateTime(parts.Time.GetUtcNow().UtcDateTime);
        var (profile, _, agreements) = SignUpForm.Read(form, asked, today, Vouched(arrival), withPassword: false);
        if (form.IsValid && parts.Guard.TakeMessage(home, profile.Email ?? profile.UserName!, http.Facts().ClientIp) is { } wait)
            await SignUpEndpoints.ThrottleAsync(http, home, form, wait, parts, cancellation);
        if (!form.IsValid) return View.Show<SignUpPage>(SignInEndpoints.StatusOf(form, http), Model(asked, arrival, form, back));

        var data = new SignUpData(profile, null, parts.Countries.Of(http.Facts().ClientIp)) { Agreements = agreements, External = new ExternalLink(arrival.Source, arrival.Subject) };
        return profile.Email is null || Vouched(arrival) is not null
            ? await CreateAsync(http, Model(asked, arrival, form, back), data, people, parts, cancellation)
            : await VerifyAsync(http, home, data, back, parts, cancellation);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, SignUpModel page, SignUpData data, NewPeople people, SignUpParts parts, CancellationToken cancellation)
    {
        var person = data.Profile.Email is null ? (Guid?)null : Guid.CreateVersion7(parts.Time.GetUtcNow());
        switch (await people.CreateAsync(page.Directory, data, person, (_, _) => Task.CompletedTask, cancellation))
        {
            case SignUpOutcome.Done done:
                ExternalCookies.ForgetArrival(http);
                return await SignUpEndpoints.WelcomeAsync(http, page.Directory, done.User, Authentication.External, page.Return, parts, cancellation);
            case SignUpOutcome.UserNameTaken:
                page.Form.Fail("user-name", Texts.Rule("taken"));
                return View.Invalid<SignUpPage>(page);
            default:
                // The address is somebody's here. They have shown that it is theirs, so they may know, sign in and connect.
                return Elsewhere(page.Directory, SourceNotes.Unknown);
        }
    }

    // From here on as with everybody who signs up: the answer is the same whether the address is known or not.
    private static async Task<IResult> VerifyAsync(
        HttpContext http, Directory home, SignUpData data, string? back, SignUpParts parts, CancellationToken cancellation)
    {
        var id = await parts.Start.SendAsync(home, data, cancellation);
        await parts.Operations.RecordAsync(http, home, null, OperationResult.SignUpStarted, cancellation);
        await SignInEndpoints.AllowReturnAsync(http, home, back, parts.Targets, cancellation);
        ExternalCookies.ForgetArrival(http);
        return View.Show<CodePage>(new CodeForm($"/d/{home.Name}/sign-up/code", id, new FormState(), back));
    }

    private static string? Vouched(Arrival arrival) => arrival.EmailVerified ? arrival.Email : null;

    private static SignUpModel Model(RegistrationForm asked, Arrival arrival, FormState form, string? back) =>
        new(asked.Directory, asked, form, back) { Source = arrival.SourceTitle, Email = Vouched(arrival) };

    private static SeeOther Elsewhere(Directory home, string note) => new($"/d/{home.Name}/sign-in?note={note}");
}
