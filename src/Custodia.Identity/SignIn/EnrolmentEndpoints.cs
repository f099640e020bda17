using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Factors;
using Custodia.Identity.Logs;
using Custodia.Identity.Passkeys;
using Custodia.Identity.Sessions;
using Custodia.Identity.Totp;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.SignIn;

/// <summary>Setting a second factor up in the middle of a sign-in that demands one.</summary>
internal static class EnrolmentEndpoints
{
    public static void MapEnrolment(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/d/{directory}/sign-in/second/enrol").AllowAnyone("People sign in here").ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("/app", ConfirmAppAsync);
        pages.MapPost("/passkey/options", AskPasskeyAsync);
        pages.MapPost("/passkey", AddPasskeyAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, string directory, FactorEnrolment enrolment, [AsParameters] SecondFactorParts parts, CancellationToken cancellation)
    {
        var (waiting, refusal) = await EnrollingAsync(http, directory, parts, cancellation);
        return waiting is null ? refusal : await PageAsync(http, waiting, new FormState(), enrolment, parts, cancellation);
    }

    private static async Task<IResult> ConfirmAppAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, FactorEnrolment enrolment, SignInProgress progress, [AsParameters] SecondFactorParts parts, CancellationToken cancellation)
    {
        var (waiting, refusal) = await EnrollingAsync(http, directory, parts, cancellation);
        if (waiting is null) return refusal;
        var form = new FormState(posted);
        IReadOnlyList<string>? codes = null;
        var step = await parts.Pendings.TakeTryAsync(waiting.Person.Pending, cancellation)
            ? await progress.FinishAsync(
                http,
                waiting.Directory,
                waiting.Person,
                Authentication.Totp,
                async token => (codes = await enrolment.ConfirmAppAsync(waiting.Directory, waiting.Person.User, form["code"], token)) is not null,
                trust: false,
                cancellation)
            : null;
        return await AfterAsync(http, waiting, form, step, codes, enrolment, parts, cancellation);
    }

    private static async Task<IResult> AskPasskeyAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, FactorEnrolment enrolment, [AsParameters] SecondFactorParts parts, CancellationToken cancellation)
    {
        _ = posted;
        var (waiting, _) = await EnrollingAsync(http, directory, parts, cancellation);
        return waiting is null
            ? Problem.NotFound("sign-in")
            : PasskeyAnswers.Question(await enrolment.AskPasskeyAsync(http, waiting.Directory, waiting.Person.User, cancellation));
    }

    private static async Task<IResult> AddPasskeyAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, FactorEnrolment enrolment, PasskeyCeremonies passkeys, SignInProgress progress, [AsParameters] SecondFactorParts parts, CancellationToken cancellation)
    {
        var (waiting, refusal) = await EnrollingAsync(http, directory, parts, cancellation);
        if (waiting is null) return refusal;
        var form = new FormState(posted);
        IReadOnlyList<string>? codes = null;
        var made = await passkeys.MadeAsync(http, waiting.Directory, waiting.Person.User, PasskeyAnswer.From(form), cancellation);
        var step = made is null
            ? null
            : await progress.FinishAsync(
                http,
                waiting.Directory,
                waiting.Person,
                made.IsBackupEligible ? Authentication.SyncedPasskey : Authentication.DevicePasskey,
                async token => (codes = await enrolment.AddPasskeyAsync(http, waiting.Directory, waiting.Person.User, made, null, token)) is not null,
                trust: false,
                cancellation);
        return await AfterAsync(http, waiting, form, step, codes, enrolment, parts, cancellation);
    }

    private static async Task<IResult> AfterAsync(
        HttpContext http, WaitingSignIn waiting, FormState form, SignInStep? step, IReadOnlyList<string>? codes, FactorEnrolment enrolment, SecondFactorParts parts, CancellationToken cancellation)
    {
        if (step is { } done)
        {
            await parts.Operations.RecordAsync(http, waiting.Directory, waiting.Person.User.Id, OperationResult.SecondFactorAdded, cancellation);
            return View.Show<RecoveryCodesPage>(new RecoveryCodesModel(codes!, done.Path));
        }

        await parts.Operations.RecordAsync(http, waiting.Directory, waiting.Person.User.Id, OperationResult.SecondFactorRefused, cancellation);
        if (form.Has("code")) form.Fail("code", SignInTexts.Of("AppCodeRefused"));
        else form.Fail(SignInTexts.Of("PasskeyRefused"));
        return await PageAsync(http, waiting, form, enrolment, parts, cancellation);
    }

    private static async Task<(WaitingSignIn? Waiting, IResult Refusal)> EnrollingAsync(
        HttpContext http, string directory, SecondFactorParts parts, CancellationToken cancellation)
    {
        var (waiting, refusal) = await SecondFactorEndpoints.WaitingAsync(http, directory, parts, cancellation);
        // Whoever has set something up meanwhile, in another window, is asked for it and sets up nothing here.
        if (waiting is null || (waiting.Person.Pending.Need == PendingNeed.Enrolment && !(await parts.Factors.OfAsync(waiting.Person.User.Id, cancellation)).Any)) return (waiting, refusal);
        return (null, new SeeOther($"/d/{waiting.Directory.Name}/sign-in?note=sign-in-over"));
    }

    private static async Task<IResult> PageAsync(
        HttpContext http, WaitingSignIn waiting, FormState form, FactorEnrolment enrolment, SecondFactorParts parts, CancellationToken cancellation)
    {
        await SignInEndpoints.AllowReturnAsync(http, waiting.Directory, waiting.Return, parts.Targets, cancellation);
        var shown = await enrolment.BeginAppAsync(waiting.Directory, waiting.Person.User, cancellation);
        return View.Show<EnrolmentPage>(SignInEndpoints.StatusOf(form, http), new EnrolmentModel(waiting.Directory, shown, form));
    }
}

internal sealed record EnrolmentModel(Directory Directory, TotpEnrolment App, FormState Form)
{
    public string Path => SecondFactorEndpoints.PathOf(Directory) + "/enrol";
}

/// <param name="Codes">Shown this once.</param>
/// <param name="Next">Where the page leads on.</param>
internal sealed record RecoveryCodesModel(IReadOnlyList<string> Codes, string Next)
{
    /// <summary>Never the codes.</summary>
    public override string ToString() => "(recovery codes)";
}
