using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Passkeys;
using Custodia.Identity.Rules;
using Custodia.Identity.Sessions;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.SignIn;

/// <summary>The pages with which people sign in and out.</summary>
internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/d/{directory}").AllowAnyone("People sign in here").ExcludeFromDescription();
        pages.MapGet("/sign-in", ShowAsync);
        pages.MapPost("/sign-in", SignInAsync);
        pages.MapPost("/sign-in/passkey/options", AskPasskeyAsync);
        pages.MapPost("/sign-in/passkey", CheckPasskeyAsync);
        pages.MapGet("/sign-in/code", ShowCodeAsync);
        pages.MapPost("/sign-in/code", SendCodeAsync);
        pages.MapPost("/sign-in/code/check", CheckCodeAsync);
        pages.MapPost("/sign-out", SignOutAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, string directory, IdentityContext database, SignInRuleStore rules, IEnumerable<ISignInReturn> targets, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        var back = Wanted(http.Request.Query["return"]);
        var target = await AllowReturnAsync(http, home, back, targets, cancellation);
        var form = new FormState(target?.LoginHint is { Length: <= 254 } hint ? [new("name", hint)] : []);
        return View.Show<SignInPage>(new SignInModel(home, form, back, await rules.OfAsync(home, cancellation)));
    }

    private static async Task<IResult> SignInAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, IdentityContext database, PasswordSignIn signIn, SignInRuleStore rules, IEnumerable<ISignInReturn> targets, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        var set = await rules.OfAsync(home, cancellation);
        if (!set.Allows(SignInWay.Password)) return WayIsOff();
        var form = new FormState(posted);
        var back = Wanted(form["return"]);
        if (form["name"].Length is 0 or > 254) form.Fail("name", Texts.Of("NameMissing"));
        if (form.Exact("password").Length == 0) form.Fail("password", Texts.Of("PasswordMissing"));
        if (form.IsValid)
        {
            var outcome = await signIn.AttemptAsync(http, home, form["name"], form.Exact("password"), back, cancellation);
            if (outcome is SignInOutcome.Proved { Step: var step }) return new SeeOther(step.Path);
            Explain(http, form, outcome, "SignInRefused");
        }

        await AllowReturnAsync(http, home, back, targets, cancellation);
        return View.Show<SignInPage>(StatusOf(form, http), new SignInModel(home, form, back, set));
    }

    private static async Task<IResult> AskPasskeyAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, IdentityContext database, SignInRuleStore rules, PasskeyCeremonies passkeys, CancellationToken cancellation)
    {
        _ = posted;
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        if (!(await rules.OfAsync(home, cancellation)).Allows(SignInWay.Passkey)) return WayIsOff();
        return PasskeyAnswers.Question(await passkeys.AskToUseAsync(http, home, user: null, cancellation));
    }

    private static async Task<IResult> CheckPasskeyAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, IdentityContext database, PasskeySignIn signIn, SignInRuleStore rules, IEnumerable<ISignInReturn> targets, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        var set = await rules.OfAsync(home, cancellation);
        if (!set.Allows(SignInWay.Passkey)) return WayIsOff();
        var form = new FormState(posted);
        var back = Wanted(form["return"]);
        var outcome = await signIn.AttemptAsync(http, home, PasskeyAnswer.From(form), back, cancellation);
        if (outcome is SignInOutcome.Proved { Step: var step }) return new SeeOther(step.Path);
        if (outcome is SignInOutcome.Refused) form.Fail(SignInTexts.Of("PasskeyRefused"));
        else Explain(http, form, outcome, "SignInRefused");
        await AllowReturnAsync(http, home, back, targets, cancellation);
        return View.Show<SignInPage>(StatusOf(form, http), new SignInModel(home, form, back, set));
    }

    private static async Task<IResult> ShowCodeAsync(
        HttpContext http, string directory, IdentityContext database, SignInRuleStore rules, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        if (!(await rules.OfAsync(home, cancellation)).Allows(SignInWay.MailedCode)) return WayIsOff();
        return View.Show<CodeRequestPage>(new DirectoryForm(home, new FormState(), Wanted(http.Request.Query["return"])));
    }

    private static async Task<IResult> SendCodeAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, IdentityContext database, SignInRuleStore rules, UserOperations operations, SignInGuard guard, CodeRequest request, SameTime time, IEnumerable<ISignInReturn> targets, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        var set = await rules.OfAsync(home, cancellation);
        if (!set.Allows(SignInWay.MailedCode)) return WayIsOff();
        var form = new FormState(posted);
        var back = Wanted(form["return"]);
        var email = form["email"];
        if (!ProfileRules.IsEmail(email)) form.Fail("email", Texts.Rule("email-shape"));
        else if (guard.TakeMessage(home, email, http.Facts().ClientIp) is { } wait)
        {
            await operations.RecordAsync(http, home, null, OperationResult.SignInThrottled, cancellation);
            Explain(http, form, new SignInOutcome.Throttled(wait), "SignInRefused");
        }

        if (!form.IsValid) return View.Show<CodeRequestPage>(StatusOf(form, http), new DirectoryForm(home, form, back));
        var id = await time.AnswerAsync(() => request.SendAsync(http, home, set, email, back, cancellation), cancellation);
        await AllowReturnAsync(http, home, back, targets, cancellation);
        return View.Show<CodePage>(new CodeForm($"/d/{home.Name}/sign-in/code/check", id, new FormState(), back));
    }

    private static async Task<IResult> CheckCodeAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, IdentityContext database, SignInRuleStore rules, CodeSignIn signIn, IEnumerable<ISignInReturn> targets, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        if (!(await rules.OfAsync(home, cancellation)).Allows(SignInWay.MailedCode)) return WayIsOff();
        var form = new FormState(posted);
        var back = Wanted(form["return"]);
        _ = Guid.TryParse(form["id"], out var id);
        var outcome = await signIn.RedeemAsync(http, home, id, form["code"], back, cancellation);
        if (outcome is SignInOutcome.Proved { Step: var step }) return new SeeOther(step.Path);
        Explain(http, form, outcome, "CodeRefused", "code");
        await AllowReturnAsync(http, home, back, targets, cancellation);
        return View.Show<CodePage>(StatusOf(form, http), new CodeForm($"/d/{home.Name}/sign-in/code/check", id, form, back));
    }

    private static async Task<IResult> SignOutAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, LiveSessions here, BrowserSessions sessions, UserOperations operations, CancellationToken cancellation)
    {
        _ = posted;
        if (await here.FindAsync(http, directory, cancellation) is { } live)
        {
            await sessions.EndAsync(live.User.Id, live.Session.Id, cancellation);
            await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.SignedOut, cancellation);
            SessionCookie.Delete(http, directory);
        }

        return new SeeOther($"/d/{Uri.EscapeDataString(directory)}/sign-in?note=signed-out");
    }

    /// <summary>Says what an outcome means; nothing here tells known people from unknown ones.</summary>
    internal static void Explain(HttpContext http, FormState form, SignInOutcome outcome, string refused, string? field = null)
    {
        if (outcome is SignInOutcome.Throttled throttled)
        {
            var minutes = Math.Max(1, (int)Math.Ceiling(throttled.RetryAfter.TotalMinutes));
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(throttled.RetryAfter.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            form.Fail(Texts.Of("Throttled", minutes));
            return;
        }

        var text = Texts.Of(outcome is SignInOutcome.Locked ? "UserLocked" : refused);
        if (field is null) form.Fail(text);
        else form.Fail(field, text);
    }

    /// <summary>The directory has turned this way to sign in off; its pages do not offer it.</summary>
    internal static IResult WayIsOff() => Problem.Forbidden("way-off", "The directory has turned this way to sign in off.");

    internal static int StatusOf(FormState form, HttpContext http) =>
        form.IsValid ? StatusCodes.Status200OK
        : http.Response.Headers.RetryAfter.Count > 0 ? StatusCodes.Status429TooManyRequests
        : StatusCodes.Status422UnprocessableEntity;

    internal static string? Wanted(string? back) => LocalPath.IsLocal(back) ? back : null;

    /// <summary>Lets the form of this page end where the return address finally leads.</summary>
    internal static async Task<SignInTarget?> AllowReturnAsync(HttpContext http, Directory directory, string? back, IEnumerable<ISignInReturn> targets, CancellationToken cancellation)
    {
        if (back is null) return null;
        foreach (var known in targets)
        {
            if (await known.TargetAsync(directory, back, cancellation) is not { } target) continue;
            SecurityHeaders.AllowFormAction(http, target.Address);
            return target;
        }

        return null;
    }
}
