using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Passwords;
using Custodia.Identity.Rules;
using Custodia.Identity.SignIn;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Recovery;

/// <summary><c>/d/{directory}/recover</c>: a new password for somebody who has forgotten theirs.</summary>
internal static class RecoveryEndpoints
{
    public static void MapRecovery(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/d/{directory}/recover").AllowAnyone("People who cannot sign in come here").ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", SendAsync);
        pages.MapPost("/set", SetAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string directory, [AsParameters] RecoveryParts parts, CancellationToken cancellation)
    {
        var (home, refusal) = await OpenAsync(http, directory, parts, cancellation);
        return home is null ? refusal : View.Show<RecoveryPage>(new DirectoryForm(home, new FormState(), SignInEndpoints.Wanted(http.Request.Query["return"])));
    }

    private static async Task<IResult> SendAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, RecoveryStart start, SameTime time, [AsParameters] RecoveryParts parts, CancellationToken cancellation)
    {
        var (home, refusal) = await OpenAsync(http, directory, parts, cancellation);
        if (home is null) return refusal;
        var form = new FormState(posted);
        var back = SignInEndpoints.Wanted(form["return"]);
        if (!ProfileRules.IsEmail(form["email"])) form.Fail("email", Texts.Rule("email-shape"));
        else if (parts.Guard.TakeMessage(home, form["email"], http.Facts().ClientIp) is { } wait) await ThrottleAsync(http, home, form, wait, parts, cancellation);
        if (!form.IsValid) return View.Show<RecoveryPage>(SignInEndpoints.StatusOf(form, http), new DirectoryForm(home, form, back));
        var id = await time.AnswerAsync(() => start.SendAsync(http, home, form["email"], cancellation), cancellation);
        return View.Show<NewPasswordPage>(new NewPasswordForm(home, id, new FormState(), back));
    }

    private static async Task<IResult> SetAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, PasswordRecovery recovery, [AsParameters] RecoveryParts parts, CancellationToken cancellation)
    {
        var (home, refusal) = await OpenAsync(http, directory, parts, cancellation);
        if (home is null) return refusal;
        var form = new FormState(posted);
        var back = SignInEndpoints.Wanted(form["return"]);
        _ = Guid.TryParse(form["id"], out var id);
        var password = PlainPassword.From(form.Exact("new-password"));
        foreach (var rule in PasswordPolicy.Check(password)) form.Fail("new-password", Texts.Rule(rule));
        if (form.IsValid && parts.Guard.TakeAddress(http.Facts().ClientIp) is { } wait) await ThrottleAsync(http, home, form, wait, parts, cancellation);
        if (form.IsValid)
        {
            switch (await recovery.SetAsync(home, id, form["code"], password!, cancellation))
            {
                case RecoveryOutcome.Done done:
                    parts.Guard.SucceededFrom(http.Facts().ClientIp);
                    await parts.Operations.RecordAsync(http, home, done.User.Id, OperationResult.PasswordRecovered, cancellation);
                    return new SeeOther(new DirectoryForm(home, form, back).Path("sign-in") + (back is null ? "?" : "&") + "note=password-recovered");
                case RecoveryOutcome.Weak weak:
                    foreach (var rule in weak.Rules) form.Fail("new-password", Texts.Rule(rule));
                    break;
                default:
                    await parts.Operations.RecordAsync(http, home, null, OperationResult.CodeRefused, cancellation);
                    form.Fail("code", Texts.Of("CodeRefused"));
                    break;
            }
        }

        return View.Show<NewPasswordPage>(SignInEndpoints.StatusOf(form, http), new NewPasswordForm(home, id, form, back));
    }

    private static async Task ThrottleAsync(HttpContext http, Directory home, FormState form, TimeSpan wait, RecoveryParts parts, CancellationToken cancellation)
    {
        await parts.Operations.RecordAsync(http, home, null, OperationResult.SignInThrottled, cancellation);
        SignInEndpoints.Explain(http, form, new SignInOutcome.Throttled(wait), "SignInRefused");
    }

    private static async Task<(Directory? Home, IResult Refusal)> OpenAsync(HttpContext http, string directory, RecoveryParts parts, CancellationToken cancellation)
    {
        if (await parts.Database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return (null, DirectoryPages.NoDirectory());
        return (await parts.Rules.OfAsync(home, cancellation)).Allows(SignInWay.Password) ? (home, Results.Empty) : (null, SignInEndpoints.WayIsOff());
    }
}

/// <summary>What recovery works with.</summary>
internal readonly record struct RecoveryParts(IdentityContext Database, SignInRuleStore Rules, SignInGuard Guard, UserOperations Operations);

/// <param name="Id">Which code.</param>
internal sealed record NewPasswordForm(Directory Directory, Guid Id, FormState Form, string? Return);
