using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Rules;
using Custodia.Identity.SignIn;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Sms;

/// <summary>Signing in with a code by SMS.</summary>
internal static class SmsEndpoints
{
    public static void MapSms(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/d/{directory}/sign-in/sms").AllowAnyone("People sign in here").ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", SendAsync);
        pages.MapPost("/check", CheckAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string directory, [AsParameters] SmsParts parts, CancellationToken cancellation)
    {
        var (home, _, refusal) = await OpenAsync(http, directory, parts, cancellation);
        return home is null ? refusal : View.Show<SmsPage>(new DirectoryForm(home, new FormState(), SignInEndpoints.Wanted(http.Request.Query["return"])));
    }

    private static async Task<IResult> SendAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, SmsRequest request, SameTime time, [AsParameters] SmsParts parts, CancellationToken cancellation)
    {
        var (home, rules, refusal) = await OpenAsync(http, directory, parts, cancellation);
        if (home is null) return refusal;
        var form = new FormState(posted);
        var back = SignInEndpoints.Wanted(form["return"]);
        var number = Normalise.Mobile(form["mobile"]);
        await parts.CheckAsync(http, home, rules!, number, form, cancellation);
        if (!form.IsValid) return View.Show<SmsPage>(SignInEndpoints.StatusOf(form, http), new DirectoryForm(home, form, back));
        var id = await time.AnswerAsync(() => request.SendAsync(http, home, number, cancellation), cancellation);
        await SignInEndpoints.AllowReturnAsync(http, home, back, parts.Targets, cancellation);
        return View.Show<CodePage>(new CodeForm($"/d/{home.Name}/sign-in/sms/check", id, new FormState(), back));
    }

    private static async Task<IResult> CheckAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, SmsSignIn signIn, [AsParameters] SmsParts parts, CancellationToken cancellation)
    {
        var (home, _, refusal) = await OpenAsync(http, directory, parts, cancellation);
        if (home is null) return refusal;
        var form = new FormState(posted);
        var back = SignInEndpoints.Wanted(form["return"]);
        _ = Guid.TryParse(form["id"], out var id);
        var outcome = await signIn.RedeemAsync(http, home, id, form["code"], back, cancellation);
        if (outcome is SignInOutcome.Proved { Step: var step }) return new SeeOther(step.Path);
        SignInEndpoints.Explain(http, form, outcome, "CodeRefused", "code");
        await SignInEndpoints.AllowReturnAsync(http, home, back, parts.Targets, cancellation);
        return View.Show<CodePage>(SignInEndpoints.StatusOf(form, http), new CodeForm($"/d/{home.Name}/sign-in/sms/check", id, form, back));
    }

    private static async Task<(Directory? Home, SignInRules? Rules, IResult Refusal)> OpenAsync(HttpContext http, string directory, SmsParts parts, CancellationToken cancellation)
    {
        if (await parts.Database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return (null, null, DirectoryPages.NoDirectory());
        var rules = await parts.Rules.OfAsync(home, cancellation);
        return rules.Allows(SignInWay.SmsCode) ? (home, rules, Results.Empty) : (null, null, SignInEndpoints.WayIsOff());
    }
}

/// <summary>What SMS codes work with.</summary>
internal readonly record struct SmsParts(IdentityContext Database, SignInRuleStore Rules, SignInGuard Guard, SmsLimits Limits, UserOperations Operations, IEnumerable<ISignInReturn> Targets)
{
    /// <summary>Marks a number to which no SMS goes, or not now. Known and unknown numbers are treated alike.</summary>
    public async Task CheckAsync(HttpContext http, Directory home, SignInRules rules, string number, FormState form, CancellationToken cancellation)
    {
        var client = http.Facts().ClientIp;
        if (!SmsLimits.Reaches(rules, number)) form.Fail("mobile", SignInTexts.Of(CallingCodes.Of(number) is null ? "MobileShape" : "MobileCountry"));
        else if (Guard.TakeMessage(home, number, client) is { } wait)
        {
            await Operations.RecordAsync(http, home, null, OperationResult.SignInThrottled, cancellation);
            SignInEndpoints.Explain(http, form, new SignInOutcome.Throttled(wait), "SignInRefused");
        }
        else if (!await Limits.TakeAsync(home, rules, number, client, cancellation))
        {
            await Operations.RecordAsync(http, home, null, OperationResult.SignInThrottled, cancellation);
            form.Fail(SignInTexts.Of("SmsLimit"));
        }
    }
}
