using Custodia.Console;
using Custodia.Identity.Factors;
using Custodia.Identity.Logs;
using Custodia.Identity.Passkeys;
using Custodia.Identity.RecoveryCodes;
using Custodia.Identity.SignIn;
using Custodia.Identity.Totp;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Portal;

/// <summary>A person's authenticator app, recovery codes and passkeys. Every change needs a sign-in of the last minutes and is told by mail.</summary>
internal static class FactorEndpoints
{
    private const string Security = "security";

    public static void MapFactors(this RouteGroupBuilder portal)
    {
        var factors = portal.MapGroup("/security");
        factors.MapGet("/app", ShowAppAsync);
        factors.MapPost("/app", ConfirmAppAsync);
        factors.MapPost("/app/remove", RemoveAppAsync);
        factors.MapPost("/codes", RenewCodesAsync);
        factors.MapPost("/passkeys/options", AskPasskeyAsync);
        factors.MapPost("/passkeys", AddPasskeyAsync);
        factors.MapPost("/passkeys/{id:guid}/name", RenamePasskeyAsync);
        factors.MapPost("/passkeys/{id:guid}/remove", RemovePasskeyAsync);
    }

    private static async Task<IResult> ShowAppAsync(HttpContext http, [AsParameters] FactorParts parts, CancellationToken cancellation)
    {
        if (http.SignInAgain(parts.Time, "security/app") is { } again) return again;
        var live = http.Live();
        if ((await parts.Factors.OfAsync(live.User.Id, cancellation)).App) return new SeeOther($"/account/{live.Directory.Name}/security");
        return View.Show<AppPage>(new AppModel(live.Directory, await parts.Enrolment.BeginAppAsync(live.Directory, live.User, cancellation), new FormState()));
    }

    private static async Task<IResult> ConfirmAppAsync(
        HttpContext http, [FromForm] IFormCollection posted, SignInGuard guard, [AsParameters] FactorParts parts, CancellationToken cancellation)
    {
        if (http.SignInAgain(parts.Time, "security/app") is { } again) return again;
        var live = http.Live();
        var form = new FormState(posted);
        IReadOnlyList<string>? codes = null;
        if (guard.TakeFactor(live.User.Id, http.Facts().ClientIp) is { } wait) SignInEndpoints.Explain(http, form, new SignInOutcome.Throttled(wait), "CodeRefused");
        else codes = await parts.Database.InTransactionAsync(token => parts.Enrolment.ConfirmAppAsync(live.Directory, live.User, form["code"], token), cancellation);
        if (codes is not null)
        {
            guard.FactorSucceeded(live.User.Id, http.Facts().ClientIp);
            return await AddedAsync(http, codes, parts, cancellation);
        }

        if (form.IsValid) form.Fail("code", SignInTexts.Of("AppCodeRefused"));
        await parts.Operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.SecondFactorRefused, cancellation);
        return View.Show<AppPage>(
            SignInEndpoints.StatusOf(form, http), new AppModel(live.Directory, await parts.Enrolment.BeginAppAsync(live.Directory, live.User, cancellation), form));
    }

    private static async Task<IResult> RemoveAppAsync(
        HttpContext http, [FromForm] IFormCollection posted, TotpFactors apps, [AsParameters] FactorParts parts, CancellationToken cancellation)
    {
        _ = posted;
        if (http.SignInAgain(parts.Time, Security) is { } again) return again;
        var person = http.Live().User.Id;
        return await RemovedAsync(http, "AppRemoved", token => apps.RemoveAsync(person, token), parts, cancellation);
    }

    private static async Task<IResult> RenewCodesAsync(
        HttpContext http, [FromForm] IFormCollection posted, RecoveryCodeSet codes, [AsParameters] FactorParts parts, CancellationToken cancellation)
    {
        _ = posted;
        if (http.SignInAgain(parts.Time, Security) is { } again) return again;
        var live = http.Live();
        if (!(await parts.Factors.OfAsync(live.User.Id, cancellation)).Any) return Problem.Conflict("no-second-factor", "Recovery codes stand for a second factor, and there is none.");
        var made = await parts.Database.InTransactionAsync(
            async token =>
            {
                await parts.Notices.SendAsync(live.Directory, live.User, "CodesRenewed", token);
                return await codes.RenewAsync(live.User, token);
            },
            cancellation);
        await parts.Operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.RecoveryCodesRenewed, cancellation);
        return View.Show<RecoveryCodesPage>(new RecoveryCodesModel(made, $"/account/{live.Directory.Name}/security"));
    }

    private static async Task<IResult> AskPasskeyAsync(HttpContext http, [FromForm] IFormCollection posted, [AsParameters] FactorParts parts, CancellationToken cancellation)
    {
        _ = posted;
        // A script asks: it follows no redirect, it shows that something failed, and the page after the post says what.
        if (http.SignInAgain(parts.Time, Security) is not null) return Problem.Forbidden("sign-in-again", "Sign in again first.");
        var live = http.Live();
        return PasskeyAnswers.Question(await parts.Enrolment.AskPasskeyAsync(http, live.Directory, live.User, cancellation));
    }

    private static async Task<IResult> AddPasskeyAsync(
        HttpContext http, [FromForm] IFormCollection posted, PasskeyCeremonies passkeys, [AsParameters] FactorParts parts, CancellationToken cancellation)
    {
        if (http.SignInAgain(parts.Time, Security) is { } again) return again;
        var live = http.Live();
        var form = new FormState(posted);
        var made = form["name"].Length <= Passkey.MaxName && ShownText.IsLine(form["name"]) ? await passkeys.MadeAsync(http, live.Directory, live.User, PasskeyAnswer.From(form), cancellation) : null;
        var codes = made is null
            ? null
            : await parts.Database.InTransactionAsync(token => parts.Enrolment.AddPasskeyAsync(http, live.Directory, live.User, made, form["name"], token), cancellation);
        if (codes is not null) return await AddedAsync(http, codes, parts, cancellation);
        await parts.Operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.SecondFactorRefused, cancellation);
        return new SeeOther($"/account/{live.Directory.Name}/security?note=passkey-refused");
    }

    private static async Task<IResult> RenamePasskeyAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, PasskeyStore passkeys, CancellationToken cancellation)
    {
        var live = http.Live();
        var name = new FormState(posted)["name"];
        if (!ShownText.IsLine(name, Passkey.MaxName)) return Problem.Invalid(("name", ShownText.RuleOf(Passkey.MaxName)));
        return await passkeys.RenameAsync(live.User.Id, id, name, cancellation)
            ? new SeeOther($"/account/{live.Directory.Name}/security?note=saved")
            : Problem.NotFound("passkey");
    }

    private static async Task<IResult> RemovePasskeyAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, PasskeyStore passkeys, [AsParameters] FactorParts parts, CancellationToken cancellation)
    {
        _ = posted;
        if (http.SignInAgain(parts.Time, Security) is { } again) return again;
        var person = http.Live().User.Id;
        return await RemovedAsync(http, "PasskeyRemoved", token => passkeys.RemoveAsync(person, id, token), parts, cancellation);
    }

    private static async Task<IResult> AddedAsync(HttpContext http, IReadOnlyList<string> codes, FactorParts parts, CancellationToken cancellation)
    {
        var live = http.Live();
        await parts.Operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.SecondFactorAdded, cancellation);
        return View.Show<RecoveryCodesPage>(new RecoveryCodesModel(codes, $"/account/{live.Directory.Name}/security"));
    }

    private static async Task<IResult> RemovedAsync(
        HttpContext http, string notice, Func<CancellationToken, Task<bool>> remove, FactorParts parts, CancellationToken cancellation)
    {
        var live = http.Live();
        var removed = await parts.Database.InTransactionAsync(
            async token =>
            {
                if (!await remove(token)) return false;
                await parts.Factors.TidyAsync(live.User.Id, token);
                await parts.Notices.SendAsync(live.Directory, live.User, notice, token);
                return true;
            },
            cancellation);
        if (!removed) return Problem.NotFound("factor");
        await parts.Operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.SecondFactorRemoved, cancellation);
        return new SeeOther($"/account/{live.Directory.Name}/security?note=factor-removed");
    }
}

/// <summary>What the endpoints of second factors work with.</summary>
internal readonly record struct FactorParts(
    IdentityContext Database, SecondFactors Factors, FactorEnrolment Enrolment, CredentialNotices Notices, UserOperations Operations, TimeProvider Time);

internal sealed record AppModel(Directories.Directory Directory, TotpEnrolment App, FormState Form);
