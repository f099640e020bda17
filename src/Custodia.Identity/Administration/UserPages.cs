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
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Administration;

/// <summary><c>/console/users</c>.</summary>
internal static class UserPages
{
    private const string Home = "/console/users";
    private const int PageSize = 50;

    public static void MapUserPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Home).ExcludeFromDescription();
        pages.MapGet("", ListAsync).RequirePermission(Permissions.UsersRead);
        pages.MapGet("/new", NewAsync).RequirePermission(Permissions.UsersWrite);
        pages.MapPost("/new", CreateAsync).RequirePermission(Permissions.UsersWrite, "users.create").WhileOpen(AccountServices.Identity);
        pages.MapGet("/{id:guid}", ShowAsync).RequirePermission(Permissions.UsersRead);
        pages.MapPost("/{id:guid}/reveal", RevealAsync).RequirePermission(Permissions.UsersRead, "users.reveal");
        pages.MapPost("/{id:guid}/lock", LockAsync).RequirePermission(Permissions.UsersWrite, "users.lock");
        pages.MapPost("/{id:guid}/unlock", UnlockAsync).RequirePermission(Permissions.UsersWrite, "users.unlock");
        pages.MapPost("/{id:guid}/delete", DeleteAsync).RequirePermission(Permissions.UsersDelete, "users.delete");
    }

    private static async Task<IResult> ListAsync(HttpContext http, UserQueries users, GroupQueries groups, [AsParameters] UserFilter filter, CancellationToken cancellation)
    {
        var account = http.Caller().Account;
        var directories = await users.DirectoriesAsync(account, cancellation);
        if (directories.Count == 0) return new SeeOther("/console/directories");
        if ((string.IsNullOrEmpty(filter.Directory) ? directories.Find(d => !d.IsStaff) ?? directories[0] : directories.Find(d => d.Name == filter.Directory)) is not { } shown) return Problem.NotFound("directory");
        if (Cursor.Read(filter.Cursor, null, out var before) is { } invalid) return invalid;
        if (!UserQueries.TryStatus(filter.Status, out var status)) return Problem.Invalid(("status", "NORMAL, LOCKED or FROZEN"));
        if (!filter.TryGroup(out var group)) return Problem.Invalid(("group", "the number of a group"));
        var may = http.Caller().Can(Permissions.UsersWrite);
        var names = await groups.NamesAsync(shown, cancellation);
        if (!string.IsNullOrWhiteSpace(filter.Q))
        {
            var found = await SearchAsync(users, shown, filter.Q, cancellation);
            return View.Show<UsersPage>(new UsersModel(directories, shown, found is null ? [] : await users.AnswersAsync([found], shown, cancellation), names, null, may));
        }

        var (page, next) = Cursor.Cut(await users.PageAsync(shown, new UserSelection(status, group), before, PageSize, cancellation), PageSize, u => u.Id);
        var older = next is null ? null : $"{Home}?directory={shown.Name}&status={filter.Status}&group={group}&cursor={next}";
        return View.Show<UsersPage>(new UsersModel(directories, shown, await users.AnswersAsync(page, shown, cancellation), names, older, may));
    }

    private static async Task<User?> SearchAsync(UserQueries users, Directories.Directory directory, string typed, CancellationToken cancellation)
    {
        var field = typed.Contains('@', StringComparison.Ordinal) ? UserField.Email : UserField.UserName;
        return await users.ByValueAsync(directory, field, typed, cancellation)
            ?? (Normalise.Mobile(typed).Length >= 5 ? await users.ByValueAsync(directory, UserField.Mobile, typed, cancellation) : null);
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
        if (UserField.Named(form["field"]) is not { } field) return Problem.Invalid(("field", "a field of the profile"));
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

    private static async Task<IResult> LockAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, IdentityContext database, UserAccess access, [AsParameters] UserPageParts parts, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        if (form["lock-reason"].Length is < 3 or > 500)
        {
            form.Fail("lock-reason", Texts.Rule("length-3-500"));
            return await parts.ModelAsync(http, id, form, null, cancellation) is { } model ? View.Invalid<UserPage>(model) : Problem.NotFound("user");
        }

        return await SetStatusAsync(http, id, UserStatus.Locked, form["lock-reason"], database, access, cancellation) ?? new SeeOther($"{Home}/{id}?note=locked");
    }

    private static async Task<IResult> UnlockAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, IdentityContext database, UserAccess access, CancellationToken cancellation)
    {
        _ = posted;
        return await SetStatusAsync(http, id, UserStatus.Normal, null, database, access, cancellation) ?? new SeeOther($"{Home}/{id}?note=unlocked");
    }

    private static async Task<IResult?> SetStatusAsync(
        HttpContext http, Guid id, UserStatus status, string? reason, IdentityContext database, UserAccess access, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (await database.Users.SingleOrDefaultAsync(u => u.Id == id && u.Account == caller.Account, cancellation) is not { } user) return Problem.NotFound("user");
        if (user.Id == caller.Person) return Problem.Conflict("yourself", "Nobody locks themselves out.");
        if (user.Status == UserStatus.Frozen) return Problem.Conflict("frozen", "The user is being deleted.");
        await access.SetStatusAsync(user, status, reason, cancellation);
        return null;
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

internal readonly record struct UserFilter(string? Directory, string? Status, string? Group, string? Q, string? Cursor)
{
    public bool TryGroup(out Guid? group)
    {
        group = Guid.TryParse(Group, out var id) ? id : null;
        return group is not null || string.IsNullOrEmpty(Group);
    }
}

/// <summary>What the page of a user is made from.</summary>
internal readonly record struct UserPageParts(UserQueries Users, LoadedPolicy Policy, DeletionRequests Requests, GroupQueries Groups)
{
    public async Task<UserModel?> ModelAsync(HttpContext http, Guid id, FormState form, RevealedAnswer? revealed, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (await Users.FindAsync(caller.Account, id, cancellation) is not { } found) return null;
        return new UserModel(
            await Users.AnswerAsync(found.User, found.Directory, cancellation),
            await Groups.OfAsync(id, cancellation),
            Policy.Category(User.Category).Uses,
            await Requests.OfAsync(new Subject(caller.Account, id), cancellation),
            new UserRights(caller.Can(Permissions.UsersWrite) && id != caller.Person, caller.Can(Permissions.UsersDelete) && !found.Directory.IsStaff),
            form,
            revealed);
    }
}
