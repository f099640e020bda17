using Custodia.Console;
using Custodia.Identity.Groups;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Http;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Administration;

/// <summary><c>/console/users</c>.</summary>
internal static class UserPages
{
    private const string Home = "/console/users";

    public static void MapUserPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Home).ExcludeFromDescription();
        pages.MapGet("", UserListPages.ListAsync).RequirePermission(Permissions.UsersRead);
        pages.MapGet("/new", NewAsync).RequirePermission(Permissions.UsersWrite);
        pages.MapPost("/new", CreateAsync).RequirePermission(Permissions.UsersWrite, "users.create").WhileOpen(AccountServices.Identity);
        pages.MapGet("/{id:guid}", ShowAsync).RequirePermission(Permissions.UsersRead);
        pages.MapPost("/{id:guid}/reveal", RevealAsync).RequirePermission(Permissions.UsersRead, "users.reveal");
        pages.MapPost("/{id:guid}/lock", LockAsync).WithinOwnRank().RequirePermission(Permissions.UsersWrite, "users.lock");
        pages.MapPost("/{id:guid}/unlock", UnlockAsync).WithinOwnRank().RequirePermission(Permissions.UsersWrite, "users.unlock");
        pages.MapPost("/{id:guid}/freeze", FreezeAsync).WithinOwnRank().RequirePermission(Permissions.UsersWrite, "users.freeze");
        pages.MapPost("/{id:guid}/lift", LiftAsync).WithinOwnRank().RequirePermission(Permissions.UsersWrite, "users.lift");
        pages.MapPost("/{id:guid}/delete", DeleteAsync).WithinOwnRank().RequirePermission(Permissions.UsersDelete, "users.delete");
    }

    private static async Task<IResult> NewAsync(HttpContext http, UserQueries users, CancellationToken cancellation) =>
        View.Show<NewUserPage>(await NewModelAsync(http, users, new FormState(), cancellation));

    private static async Task<IResult> CreateAsync(
        HttpContext http, [FromForm] IFormCollection posted, UserQueries users, UserCreation creation, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        var request = new NewUserRequest(
            form["directory"], form["user-name"], form["email"], false, form["mobile"], form["display-name"], Invite: form.Ticked("invite"));
        var directory = await users.DirectoryAsync(http.Caller().Account, request.Directory, cancellation);
        if (directory is null or { IsStaff: true }) form.Fail("directory", Texts.Rule("unknown-value"));
        foreach (var (field, rule) in creation.Check(request).All) form.Fail(FormName(field), Texts.Rule(rule));
        if (form.IsValid)
        {
            var outcome = await creation.CreateAsync(directory!, request, cancellation);
            if (outcome is RegistrationOutcome.Created created) return new SeeOther($"{Home}/{created.User.Id}?note=created");
            if (outcome is RegistrationOutcome.Taken taken) form.Fail(taken.Field.Name, Texts.Rule("taken"));
        }

        return View.Invalid<NewUserPage>(await NewModelAsync(http, users, form, cancellation));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Guid id, [AsParameters] UserPageParts parts, CancellationToken cancellation) =>
        await parts.ModelAsync(http, id, new FormState(), null, cancellation) is { } model ? View.Show<UserPage>(model) : Problem.NotFound("user");

    private static async Task<IResult> RevealAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, UserReveal reveal, [AsParameters] UserPageParts parts, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        if (await parts.Users.FindAsync(http.Caller().Account, id, cancellation) is not { } found) return Problem.NotFound("user");
        if (UserField.Revealable.FirstOrDefault(f => f.Name == form["field"]) is not { } field) return Problem.Invalid(("field", "a field of the profile"));
        var outcome = await reveal.RevealAsync(http, found.User, field, form["purpose"], form["reason"], cancellation);
        http.Response.Headers.CacheControl = "no-store";
        if (outcome is RevealOutcome<string>.Revealed revealed)
            return View.Show<UserPage>((await parts.ModelAsync(http, id, new FormState(), new RevealedAnswer(field.Name, revealed.Value), cancellation))!);
        var status = StatusCodes.Status422UnprocessableEntity;
        switch (outcome)
        {
            case RevealOutcome<string>.NotOnWhitelist refused:
                status = StatusCodes.Status403Forbidden;
                form.Fail(Texts.Of("RevealRefused", string.Join(", ", refused.Whitelist)));
                break;
            case RevealOutcome<string>.Invalid { Field: "reason" }:
                form.Fail("reason", Texts.Rule("length-3-500"));
                break;
            case RevealOutcome<string>.Invalid wrong:
                form.Fail(wrong.Field, Texts.Rule("unknown-value"));
                break;
            default:
                form.Fail(Texts.Of(outcome is null ? "RevealNothing" : "RevealGone"));
                break;
        }

        return View.Show<UserPage>(status, (await parts.ModelAsync(http, id, form, null, cancellation))!);
    }

    private static Task<IResult> LockAsync(HttpContext http, Guid id, [FromForm] IFormCollection posted, [AsParameters] UserPageParts parts, CancellationToken cancellation) =>
        SetStatusAsync(http, id, UserStatus.Locked, new FormState(posted), ("lock-reason", "locked"), parts, cancellation);

    private static Task<IResult> FreezeAsync(HttpContext http, Guid id, [FromForm] IFormCollection posted, [AsParameters] UserPageParts parts, CancellationToken cancellation) =>
        SetStatusAsync(http, id, UserStatus.Frozen, new FormState(posted), ("freeze-reason", "frozen"), parts, cancellation);

    private static Task<IResult> LiftAsync(HttpContext http, Guid id, [FromForm] IFormCollection posted, [AsParameters] UserPageParts parts, CancellationToken cancellation) =>
        SetStatusAsync(http, id, UserStatus.Normal, new FormState(posted), ("lift-reason", "lifted"), parts, cancellation);

    private static async Task<IResult> UnlockAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, StatusChanges statuses, [AsParameters] UserPageParts parts, CancellationToken cancellation)
    {
        _ = posted;
        if (await parts.Users.FindAsync(http.Caller().Account, id, cancellation) is { User.Status: UserStatus.Frozen }) return Problem.Conflict("frozen", "The user is frozen, not locked.");
        return await statuses.ApplyAsync(http.Caller(), id, UserStatus.Normal, null, cancellation) is StatusOutcome.Done
            ? new SeeOther($"{Home}/{id}?note=unlocked")
            : Problem.NotFound("user");
    }

    private static async Task<IResult> SetStatusAsync(
        HttpContext http, Guid id, UserStatus status, FormState form, (string Field, string Note) of, UserPageParts parts, CancellationToken cancellation)
    {
        if (!StatusChanges.IsReason(form[of.Field])) form.Fail(of.Field, Texts.Rule("length-3-500"));
        var outcome = form.IsValid ? await parts.Statuses.ApplyAsync(http.Caller(), id, status, form[of.Field], cancellation) : null;
        switch (outcome)
        {
            case StatusOutcome.Done:
                return new SeeOther($"{Home}/{id}?note={of.Note}");
            case StatusOutcome.Yourself:
                form.Fail(of.Field, UserTexts.Of("Refused_yourself"));
                break;
            case StatusOutcome.LastOwner:
                form.Fail(of.Field, Texts.Of("LastOwner"));
                break;
            case StatusOutcome.Deleting:
                form.Fail(of.Field, UserTexts.Of("Refused_deleting"));
                break;
            case StatusOutcome.Changed:
                form.Fail(of.Field, UserTexts.Of("Refused_changed"));
                break;
        }

        return await parts.ModelAsync(http, id, form, null, cancellation) is { } model ? View.Invalid<UserPage>(model) : Problem.NotFound("user");
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, UserQueries users, AccountDeletion deletion, CancellationToken cancellation)
    {
        if (posted["confirmed"] != "true") return Problem.Invalid(("confirmed", "is required"));
        if (await users.FindAsync(http.Caller().Account, id, cancellation) is not { } found) return Problem.NotFound("user");
        if (found.Directory.IsStaff) return Problem.Conflict("staff-directory", "Members of staff are deleted as sub-accounts.");
        await deletion.RequestAsync(found.Directory, id, "staff", cancellation);
        return new SeeOther($"{Home}?directory={found.Directory.Name}&note=deletion-opened");
    }

    private static async Task<NewUserModel> NewModelAsync(HttpContext http, UserQueries users, FormState form, CancellationToken cancellation) =>
        new((await users.DirectoriesAsync(http.Caller().Account, cancellation)).FindAll(d => !d.IsStaff), form);

    private static string FormName(string apiName) => UserField.All.FirstOrDefault(f => Findings.ApiName(f.Name) == apiName)?.Name ?? apiName;
}

/// <summary>What the page of a user is made from.</summary>
internal readonly record struct UserPageParts(UserQueries Users, StatusChanges Statuses, LoadedPolicy Policy, DeletionRequests Requests, GroupQueries Groups, StaffRanks Ranks)
{
    public async Task<UserModel?> ModelAsync(HttpContext http, Guid id, FormState form, RevealedAnswer? revealed, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (await Users.FindAsync(caller.Account, id, cancellation) is not { } found) return null;
        var mayWrite = caller.Can(Permissions.UsersWrite) && id != caller.Person && await Ranks.ReachesAsync(caller, id, cancellation);
        return new UserModel(
            await Users.AnswerAsync(found.User, found.Directory, cancellation),
            await Groups.OfAsync(id, cancellation),
            Policy.Category(User.Category).Uses,
            await Requests.OfAsync(new Subject(caller.Account, id), cancellation),
            new UserRights(mayWrite, caller.Can(Permissions.UsersDelete) && !found.Directory.IsStaff),
            form,
            revealed);
    }
}
