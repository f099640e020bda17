using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Factors;
using Custodia.Identity.Logs;
using Custodia.Identity.Passkeys;
using Custodia.Identity.Rules;
using Custodia.Identity.Sessions;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.SignIn;

/// <summary>The pages on which a person proves more than the first thing.</summary>
internal static class SecondFactorEndpoints
{
    public static string PathOf(Directory directory) => $"/d/{directory.Name}/sign-in/second";

    public static void MapSecondFactor(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/d/{directory}/sign-in/second").AllowAnyone("People sign in here").ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", CheckAsync);
        pages.MapPost("/passkey/options", AskPasskeyAsync);
        pages.MapPost("/passkey", CheckPasskeyAsync);
    }

    /// <summary>The waiting sign-in of the browser and its directory, or the answer that sends the person back to the start.</summary>
    internal static async Task<(WaitingSignIn? Waiting, IResult Refusal)> WaitingAsync(
        HttpContext http, string directory, SecondFactorParts parts, CancellationToken cancellation)
    {
        if (await parts.Database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return (null, DirectoryPages.NoDirectory());
        if (await parts.Pendings.FindAsync(http, home, cancellation) is not { } person)
            return (null, new SeeOther($"/d/{home.Name}/sign-in?note=sign-in-over"));
        return (new WaitingSignIn(home, person, await parts.Pendings.ReturnPathAsync(person.Pending, cancellation)), Results.Empty);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string directory, string? with, [AsParameters] SecondFactorParts parts, CancellationToken cancellation)
    {
        var (waiting, refusal) = await WaitingAsync(http, directory, parts, cancellation);
        if (waiting is null) return refusal;
        if (waiting.Person.Pending.Need == PendingNeed.Enrolment) return new SeeOther(PathOf(waiting.Directory) + "/enrol");
        return await PageAsync(http, waiting, with, new FormState(), parts, cancellation);
    }

    private static async Task<IResult> CheckAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, SecondProof proof, [AsParameters] SecondFactorParts parts, CancellationToken cancellation)
    {
        var (waiting, refusal) = await WaitingAsync(http, directory, parts, cancellation);
        if (waiting is null) return refusal;
        var form = new FormState(posted);
        var user = waiting.Person.User;
        if (parts.Guard.TakeFactor(user.Id, http.Facts().ClientIp) is { } wait)
        {
            await parts.Operations.RecordAsync(http, waiting.Directory, user.Id, OperationResult.SignInThrottled, cancellation);
            SignInEndpoints.Explain(http, form, new SignInOutcome.Throttled(wait), "CodeRefused");
            return await PageAsync(http, waiting, form["kind"], form, parts, cancellation);
        }

        var step = await proof.TypedAsync(http, waiting.Directory, waiting.Person, new TypedCode(form["kind"], form["code"], form.Ticked("trust")), cancellation);
        if (step is { } done)
        {
            parts.Guard.FactorSucceeded(user.Id, http.Facts().ClientIp);
            if (form["kind"] == Authentication.RecoveryCode) await parts.Notices.RecoveryCodeUsedAsync(waiting.Directory, user, cancellation);
            return new SeeOther(done.Path);
        }

        await parts.Operations.RecordAsync(http, waiting.Directory, user.Id, OperationResult.SecondFactorRefused, cancellation);
        form.Fail("code", form["kind"] switch
        {
            Authentication.RecoveryCode => SignInTexts.Of("RecoveryCodeRefused"),
            Authentication.MailedCode => Texts.Of("CodeRefused"),
            _ => SignInTexts.Of("AppCodeRefused"),
        });
        return await PageAsync(http, waiting, form["kind"], form, parts, cancellation);
    }

    private static async Task<IResult> AskPasskeyAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, PasskeyCeremonies passkeys, [AsParameters] SecondFactorParts parts, CancellationToken cancellation)
    {
        _ = posted;
        var (waiting, _) = await WaitingAsync(http, directory, parts, cancellation);
        return waiting is null
            ? Problem.NotFound("sign-in")
            : PasskeyAnswers.Question(await passkeys.AskToUseAsync(http, waiting.Directory, waiting.Person.User, cancellation));
    }

    private static async Task<IResult> CheckPasskeyAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, PasskeyCeremonies passkeys, SignInProgress progress, [AsParameters] SecondFactorParts parts, CancellationToken cancellation)
    {
        var (waiting, refusal) = await WaitingAsync(http, directory, parts, cancellation);
        if (waiting is null) return refusal;
        var form = new FormState(posted);
        var proof = waiting.Person.Pending.Need is PendingNeed.Factor or PendingNeed.Passkey
            ? await passkeys.UsedAsync(http, waiting.Directory, waiting.Person.User, PasskeyAnswer.From(form), cancellation)
            : null;
        var step = proof is null
            ? null
            : await progress.FinishAsync(http, waiting.Directory, waiting.Person, proof.Method, _ => Task.FromResult(true), form.Ticked("trust"), cancellation);
        if (step is { } done) return new SeeOther(done.Path);
        await parts.Operations.RecordAsync(http, waiting.Directory, waiting.Person.User.Id, OperationResult.SecondFactorRefused, cancellation);
        form.Fail(SignInTexts.Of("PasskeyRefused"));
        return await PageAsync(http, waiting, null, form, parts, cancellation);
    }

    private static async Task<IResult> PageAsync(
        HttpContext http, WaitingSignIn waiting, string? with, FormState form, SecondFactorParts parts, CancellationToken cancellation)
    {
        await SignInEndpoints.AllowReturnAsync(http, waiting.Directory, waiting.Return, parts.Targets, cancellation);
        var has = await parts.Factors.OfAsync(waiting.Person.User.Id, cancellation);
        var rules = await parts.Rules.OfAsync(waiting.Directory, cancellation);
        var kind = waiting.Person.Pending.Need == PendingNeed.Passkey ? null
            : waiting.Person.Pending.Need == PendingNeed.MailedCode ? Authentication.MailedCode
            : with == Authentication.RecoveryCode && has.RecoveryCodes > 0 ? Authentication.RecoveryCode
            : has.App ? Authentication.Totp
            : null;
        return View.Show<SecondFactorPage>(
            SignInEndpoints.StatusOf(form, http), new SecondFactorModel(waiting.Directory, has, kind, waiting.Person.Pending.Need == PendingNeed.Passkey, rules.RememberDays, form));
    }
}

/// <summary>What the pages of the second proof work with.</summary>
internal readonly record struct SecondFactorParts(
    IdentityContext Database,
    PendingSignIns Pendings,
    SecondFactors Factors,
    SignInRuleStore Rules,
    SignInGuard Guard,
    CredentialNotices Notices,
    UserOperations Operations,
    IEnumerable<ISignInReturn> Targets);

/// <param name="Return">Where the person wanted to go.</param>
internal sealed record WaitingSignIn(Directory Directory, WaitingPerson Person, string? Return);

/// <param name="Kind">Which kind of code the page asks for; null for none (a passkey alone).</param>
/// <param name="PasskeyOnly">Nothing but a passkey is enough.</param>
internal sealed record SecondFactorModel(Directory Directory, FactorSet Has, string? Kind, bool PasskeyOnly, int RememberDays, FormState Form)
{
    public string Path => SecondFactorEndpoints.PathOf(Directory);
}
