using Custodia.Console;
using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Portal;

/// <summary>A person deletes their account, sees how it goes, and may take it back while there is a grace.</summary>
internal static class DeletionEndpoints
{
    public static void MapDeletion(this RouteGroupBuilder portal)
    {
        var pages = portal.MapGroup("/delete");
        // Members of staff are deleted as sub-accounts, so that an account keeps its owner.
        pages.AddEndpointFilter(async (context, next) => context.HttpContext.Live().Directory.IsStaff ? Problem.NotFound("page") : await next(context));
        pages.MapGet("", Show);
        pages.MapPost("/code", SendCodeAsync);
        pages.MapPost("", DeleteAsync);
        pages.MapPost("/withdraw", WithdrawAsync);
    }

    public static void MapDeletionStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/account/{directory}/deletion/{request:guid}", StatusAsync)
            .AllowAnyone("Whoever is deleted has no session any more; the request's number was shown to them alone, and the page names nobody")
            .ExcludeFromDescription();

    private static IResult Show(HttpContext http) => View.Show<DeletePage>(Model(http.Live(), null, new FormState()));

    private static async Task<IResult> SendCodeAsync(
        HttpContext http, [FromForm] IFormCollection posted, DeletionConfirmation confirmation, SignInGuard guard, CancellationToken cancellation)
    {
        var live = http.Live();
        var form = new FormState(posted);
        if (live.User.Email is null) return Problem.Conflict("no-address", "There is no address to send a code to.");
        if (guard.TakeMessage(live.Directory, live.User.Id.ToString("N"), http.Facts().ClientIp) is { } wait)
        {
            SignInEndpoints.Explain(http, form, new SignInOutcome.Throttled(wait), "CodeRefused");
            return View.Show<DeletePage>(SignInEndpoints.StatusOf(form, http), Model(live, null, form));
        }

        var code = await confirmation.SendCodeAsync(live, cancellation);
        return View.Show<DeletePage>(Model(live, code, new FormState()));
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, [FromForm] IFormCollection posted, DeletionConfirmation confirmation, AccountDeletion deletion, UserOperations operations, CancellationToken cancellation)
    {
        var live = http.Live();
        var form = new FormState(posted);
        Guid? code = Guid.TryParse(form["id"], out var id) ? id : null;
        if (!form.Ticked("confirmed")) form.Fail("confirmed", Texts.Of("DeleteUnconfirmed"));
        if (form.IsValid) await confirmation.CheckAsync(http, live, code, form, cancellation);
        if (!form.IsValid)
        {
            await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.DeletionRefused, cancellation);
            return View.Show<DeletePage>(SignInEndpoints.StatusOf(form, http), Model(live, code, form));
        }

        // Recorded first: once erasing has begun, the person's key may be gone.
        await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.DeletionRequested, cancellation);
        var request = await deletion.RequestAsync(live.Directory, live.User.Id, "subject", cancellation);
        SessionCookie.Delete(http, live.Directory.Name);
        return new SeeOther($"/account/{live.Directory.Name}/deletion/{request.Id}");
    }

    private static async Task<IResult> WithdrawAsync(
        HttpContext http, [FromForm] IFormCollection posted, DeletionRequests requests, UserOperations operations, CancellationToken cancellation)
    {
        _ = posted;
        var live = http.Live();
        if (!await requests.WithdrawAsync(new Subject(live.User.Account, live.User.Id), cancellation))
            return Problem.Conflict("too-late", "It cannot be taken back any more.");
        await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.DeletionWithdrawn, cancellation);
        return new SeeOther($"/account/{live.Directory.Name}?note=withdrawn");
    }

    private static async Task<IResult> StatusAsync(
        HttpContext http, string directory, Guid request, IdentityContext database, DeletionRequests requests, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        var found = await requests.FindAsync(home.Account, request, cancellation);
        return found is null ? Problem.NotFound("deletion request") : View.Show<DeletionStatusPage>(new DeletionModel(home, found));
    }

    private static DeleteModel Model(LiveSession live, Guid? code, FormState form) =>
        new(live.Directory, live.User.Credentials is not null, live.User.Email is not null, code, form);
}

/// <summary>Makes sure that it is the person who asks to be deleted: by password or by a mailed code.</summary>
internal sealed class DeletionConfirmation(IdentityContext database, OneTimeCodes codes, IdentityMails mails, UserProfiles profiles, PasswordRecheck recheck)
{
    public async Task<Guid> SendCodeAsync(LiveSession live, CancellationToken cancellation)
    {
        var address = await profiles.OpenAsync(live.User, UserField.Email, ProfileUse.AccountNotices, cancellation);
        return await database.InTransactionAsync(
            async token =>
            {
                var (code, digits) = await codes.AddAsync(live.Directory, CodePurpose.DeleteAccount, live.User.Id, null, token);
                await mails.ConfirmCodeAsync(live.Directory, live.User, address!, digits, token);
                await database.SaveChangesAsync(token);
                return code.Id;
            },
            cancellation);
    }

    /// <summary>Marks the form when the proof is not right.</summary>
    public async Task CheckAsync(HttpContext http, LiveSession live, Guid? code, FormState form, CancellationToken cancellation)
    {
        if (code is not { } id)
        {
            await recheck.PassesAsync(http, live, form, "password", cancellation);
            return;
        }

        var redeemed = await codes.RedeemAsync(live.Directory, CodePurpose.DeleteAccount, id, form["code"], cancellation);
        if (redeemed is null || redeemed.UserId != live.User.Id) form.Fail("code", Texts.Of("CodeRefused"));
    }
}
