using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Passwords;
using Custodia.Identity.Registration;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Identity.Statistics;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.SignUp;

/// <summary>The pages with which people join a directory by themselves.</summary>
internal static class SignUpEndpoints
{
    public static void MapSignUp(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/d/{directory}/sign-up").AllowAnyone("People join here").ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", StartAsync);
        pages.MapPost("/code", FinishAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string directory, IdentityContext database, SignUpEntry entry, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        var asked = await entry.OpenAsync(home, cancellation);
        return SignUpEntry.RefusedBefore(http, asked)
            ?? View.Show<SignUpPage>(new SignUpModel(home, asked, new FormState(), SignInEndpoints.Wanted(http.Request.Query["return"])));
    }

    private static async Task<IResult> StartAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, IdentityContext database, [AsParameters] SignUpParts parts, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        if (await parts.Entry.OpenAsync(home, cancellation) is not { } asked) return Closed(home);
        var form = new FormState(posted);
        var back = SignInEndpoints.Wanted(form["return"]);
        if (await parts.Entry.RefusalAsync(http, asked, form, cancellation) is { } refusal) return refusal;
        var (profile, password, agreements) = SignUpForm.Read(form, asked, DateOnly.FromDateTime(parts.Time.GetUtcNow().UtcDateTime), invited: null);
        if (form.IsValid && parts.Guard.TakeMessage(home, profile.Email ?? profile.UserName!, http.Facts().ClientIp) is { } wait)
            await ThrottleAsync(http, home, form, wait, parts, cancellation);
        if (!form.IsValid) return View.Show<SignUpPage>(SignInEndpoints.StatusOf(form, http), new SignUpModel(home, asked, form, back));

        var data = new SignUpData(profile, await parts.Hashes.HashAsync(password!, cancellation), parts.Countries.Of(http.Facts().ClientIp)) { Agreements = agreements };
        if (profile.Email is null) return await WithoutAddressAsync(http, asked, form, back, data, parts, cancellation);
        var id = await parts.Start.SendAsync(home, data, cancellation);
        await parts.Operations.RecordAsync(http, home, null, OperationResult.SignUpStarted, cancellation);
        await SignInEndpoints.AllowReturnAsync(http, home, back, parts.Targets, cancellation);
        return View.Show<CodePage>(new CodeForm($"/d/{home.Name}/sign-up/code", id, new FormState(), back));
    }

    private static async Task<IResult> FinishAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, IdentityContext database, [AsParameters] SignUpParts parts, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        if (await parts.Entry.OpenAsync(home, cancellation) is null) return Closed(home);
        var form = new FormState(posted);
        var back = SignInEndpoints.Wanted(form["return"]);
        var asked = form.Has("user-name");
        _ = Guid.TryParse(form["id"], out var id);
        foreach (var finding in ProfileRules.Check(new Profile { UserName = form["user-name"] }, default)) form.Fail(finding.Field, Texts.Rule(finding.Rule));
        if (form.IsValid && parts.Guard.TakeAddress(http.Facts().ClientIp) is { } wait)
            await ThrottleAsync(http, home, form, wait, parts, cancellation);
        if (form.IsValid)
        {
            var outcome = await parts.Finish.RedeemAsync(home, id, form["code"], form["user-name"], cancellation);
            if (outcome is SignUpOutcome.Done done) return await WelcomeAsync(http, home, done.User, Authentication.MailedCode, back, parts, cancellation);
            asked |= outcome is SignUpOutcome.UserNameTaken;
            if (outcome is SignUpOutcome.UserNameTaken) form.Fail("user-name", Texts.Rule("taken"));
            else await RefuseAsync(http, home, form, parts, cancellation);
        }

        await SignInEndpoints.AllowReturnAsync(http, home, back, parts.Targets, cancellation);
        return View.Show<CodePage>(
            SignInEndpoints.StatusOf(form, http),
            new CodeForm($"/d/{home.Name}/sign-up/code", id, form, back) { AskUserName = asked });
    }

    private static async Task<IResult> WithoutAddressAsync(
        HttpContext http, RegistrationForm asked, FormState form, string? back, SignUpData data, SignUpParts parts, CancellationToken cancellation)
    {
        var outcome = await parts.Finish.WithoutAddressAsync(asked.Directory, data, cancellation);
        if (outcome is SignUpOutcome.Done done) return await WelcomeAsync(http, asked.Directory, done.User, Authentication.Password, back, parts, cancellation);
        form.Fail("user-name", Texts.Rule("taken"));
        return View.Invalid<SignUpPage>(new SignUpModel(asked.Directory, asked, form, back));
    }

    /// <summary>Signs in who has just joined.</summary>
    public static async Task<IResult> WelcomeAsync(
        HttpContext http, Directory home, User user, string method, string? back, SignUpParts parts, CancellationToken cancellation)
    {
        parts.Guard.SucceededFrom(http.Facts().ClientIp);
        await parts.Operations.RecordAsync(http, home, user.Id, OperationResult.Registered, cancellation);
        return new SeeOther((await parts.Progress.ProvedAsync(http, home, user, method, back, cancellation)).Path);
    }

    /// <summary>Says how long to wait, and notes that somebody tried too often.</summary>
    public static async Task ThrottleAsync(HttpContext http, Directory home, FormState form, TimeSpan wait, SignUpParts parts, CancellationToken cancellation)
    {
        await parts.Operations.RecordAsync(http, home, null, OperationResult.SignInThrottled, cancellation);
        SignInEndpoints.Explain(http, form, new SignInOutcome.Throttled(wait), "SignInRefused");
    }

    private static async Task RefuseAsync(HttpContext http, Directory home, FormState form, SignUpParts parts, CancellationToken cancellation)
    {
        await parts.Operations.RecordAsync(http, home, null, OperationResult.CodeRefused, cancellation);
        form.Fail("code", Texts.Of("CodeRefused"));
    }

    private static IResult Closed(Directory home) =>
        View.Show<SignUpPage>(StatusCodes.Status403Forbidden, new SignUpModel(home, null, new FormState(), null));
}

/// <summary>What the sign-up endpoints work with.</summary>
internal readonly record struct SignUpParts(
    SignUpStart Start,
    SignUpFinish Finish,
    SignUpEntry Entry,
    SignInProgress Progress,
    SignInGuard Guard,
    PasswordHashes Hashes,
    CountryTable Countries,
    UserOperations Operations,
    IEnumerable<ISignInReturn> Targets,
    TimeProvider Time);
