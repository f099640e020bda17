using System.Text.Json;
using Custodia.Identity.Registration;
using Custodia.Identity.Sessions;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Administration;

/// <summary><c>/api/v1/users</c>: the people of an account's directories. Values are masks unless revealed.</summary>
internal static class UsersApi
{
    public static void MapUsersApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/users").WithTags("Users");
        api.MapGet("", ListAsync).RequirePermission(Permissions.UsersRead).Produces<ListAnswer<UserAnswer>>()
            .Describe("listUsers", "Users of a directory, newest first, by status, group, last sign-in and the beginning of the name, or the one with an exact email, mobile or user name");
        api.MapPost("", CreateAsync).RequirePermission(Permissions.UsersWrite, "users.create").WhileOpen(AccountServices.Identity).Produces<UserAnswer>(StatusCodes.Status201Created)
            .Describe("createUser", "Creates a user", 404, 409);
        api.MapGet("/{id:guid}", GetAsync).RequirePermission(Permissions.UsersRead).Produces<UserAnswer>()
            .Describe("getUser", "A user, with masks for personal values");
        api.MapPatch("/{id:guid}", UpdateAsync).WithinOwnRank().RequirePermission(Permissions.UsersWrite, "users.update").Produces<UserAnswer>()
            .Describe("updateUser", "Changes a profile, null clears a value, what is left out stays; or, alone, the status with a reason", 409).DescribeBody(typeof(UserPatchBody));
        api.MapDelete("/{id:guid}", DeleteAsync).WithinOwnRank().RequirePermission(Permissions.UsersDelete, "users.delete").Produces<DeletionAnswer>(StatusCodes.Status202Accepted)
            .Describe("deleteUser", "Asks for the deletion of a user everywhere", 409);
        api.MapPost("/{id:guid}/lock", LockAsync).WithinOwnRank().RequirePermission(Permissions.UsersWrite, "users.lock").Produces<UserAnswer>()
            .Describe("lockUser", "Locks a user out and ends their sessions", 409);
        api.MapPost("/{id:guid}/unlock", UnlockAsync).WithinOwnRank().RequirePermission(Permissions.UsersWrite, "users.unlock").Produces<UserAnswer>()
            .Describe("unlockUser", "Lets a locked user in again", 409);
        api.MapPost("/{id:guid}/sessions/end", EndSessionsAsync).WithinOwnRank().RequirePermission(Permissions.UsersWrite, "users.sessions").Produces(StatusCodes.Status204NoContent)
            .Describe("endUserSessions", "Ends all sessions of a user");
        api.MapPost("/{id:guid}/reveal", RevealAsync).RequirePermission(Permissions.UsersRead, "users.reveal").Produces<RevealedAnswer>()
            .Describe("revealUserField", "Opens one sealed value of a user, on the record", 410);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, UserQueries users, [AsParameters] UserSearch search, CancellationToken cancellation)
    {
        if (Cursor.Read(search.Cursor, search.Limit, out var before) is { } invalid) return invalid;
        if (string.IsNullOrEmpty(search.Directory)) return Problem.Invalid(("directory", "is required"));
        if (!UserQueries.TryStatus(search.Status, out var status)) return Problem.Invalid(("status", "NORMAL, LOCKED or FROZEN"));
        if (await users.DirectoryAsync(http.Caller().Account, search.Directory, cancellation) is not { } directory) return Problem.NotFound("directory");
        if (search.Exact() is { } exact)
        {
            var found = await users.ByValueAsync(directory, exact.Field, exact.Value, cancellation);
            var shown = found is not null && (status is null || found.Status == status) ? await users.AnswersAsync([found], directory, cancellation) : [];
            return Results.Ok(new ListAnswer<UserAnswer>(shown, null));
        }

        if (await users.NamesAsync(directory, search.Name, cancellation) is not { } names) return Problem.Invalid(("name", $"words of 2 letters or more, at most {NamePrefixes.MostWords}"));
        var limit = search.Limit ?? Cursor.DefaultLimit;
        var (page, next) = Cursor.Cut(await users.PageAsync(directory, search.Selection(status) with { Names = names }, before, limit, cancellation), limit, u => u.Id);
        return Results.Ok(new ListAnswer<UserAnswer>(await users.AnswersAsync(page, directory, cancellation), next));
    }

    private static async Task<IResult> GetAsync(HttpContext http, Guid id, UserQueries users, CancellationToken cancellation) =>
        await users.FindAsync(http.Caller().Account, id, cancellation) is { } found
            ? Results.Ok(await users.AnswerAsync(found.User, found.Directory, cancellation))
            : Problem.NotFound("user");

    private static async Task<IResult> CreateAsync(
        HttpContext http, NewUserRequest body, UserQueries users, UserCreation creation, AttributeRules attributes, CancellationToken cancellation)
    {
        var findings = creation.Check(body);
        var directory = await users.DirectoryAsync(http.Caller().Account, body.Directory, cancellation);
        if (directory is not null) findings.Add(await attributes.CheckAsync(directory.Id, body.ToProfile().CustomAttributes, cancellation));
        if (findings.Any) return findings.ToProblem();
        if (directory is null) return Problem.NotFound("directory");
        if (directory.IsStaff) return Problem.Conflict("staff-directory", "Members of staff are created as sub-accounts.");
        return await creation.CreateAsync(directory, body, cancellation) switch
        {
            RegistrationOutcome.Created created => Results.Created(
                $"/api/v1/users/{created.User.Id}", await users.AnswerAsync(created.User, directory, cancellation)),
            RegistrationOutcome.Taken taken => Taken(taken.Field),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }

    private static async Task<IResult> UpdateAsync(
        HttpContext http, Guid id, Dictionary<string, JsonElement> body, UserQueries users, ProfileChanges changes, StatusChanges statuses, AttributeRules attributes, TimeProvider time, CancellationToken cancellation)
    {
        if (await users.FindAsync(http.Caller().Account, id, cancellation) is not { } found) return Problem.NotFound("user");
        var patch = UserPatch.Read(body, found.User, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        patch.Findings.Add(await attributes.CheckAsync(found.Directory.Id, patch.Changes.GetValueOrDefault(UserField.CustomAttributes), cancellation));
        if (patch.Findings.Any) return patch.Findings.ToProblem();
        if (patch.Status is { } status) return await SetStatusAsync(http, id, status, patch.Reason, statuses, users, cancellation);
        return await changes.ApplyAsync(found.Directory, id, patch.Changes, patch.EmailVerified, cancellation) switch
        {
            ProfileChangeOutcome.Changed => await GetAsync(http, id, users, cancellation),
            ProfileChangeOutcome.Taken taken => Taken(taken.Field),
            _ => Problem.NotFound("user"),
        };
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, Guid id, UserQueries users, AccountDeletion deletion, CancellationToken cancellation)
    {
        if (await users.FindAsync(http.Caller().Account, id, cancellation) is not { } found) return Problem.NotFound("user");
        if (found.Directory.IsStaff) return Problem.Conflict("staff-directory", "Members of staff are deleted as sub-accounts.");
        var request = await deletion.RequestAsync(found.Directory, id, "api", cancellation);
        return Results.Accepted(value: new DeletionAnswer(request.Id, request.State.ToString(), request.RequestedAt, request.ExecuteAfter, request.DueAt));
    }

    private static async Task<IResult> LockAsync(
        HttpContext http, Guid id, LockRequest body, StatusChanges statuses, UserQueries users, CancellationToken cancellation)
    {
        if (!StatusChanges.IsReason(body.Reason)) return Problem.Invalid(("reason", "3 to 500 characters"));
        return await SetStatusAsync(http, id, UserStatus.Locked, body.Reason, statuses, users, cancellation);
    }

    // A freeze is lifted with a reason, by a patch.
    private static async Task<IResult> UnlockAsync(
        HttpContext http, Guid id, StatusChanges statuses, UserQueries users, CancellationToken cancellation)
    {
        if (await users.FindAsync(http.Caller().Account, id, cancellation) is { User.Status: UserStatus.Frozen }) return Problem.Conflict("frozen", "The user is frozen, not locked.");
        return await SetStatusAsync(http, id, UserStatus.Normal, null, statuses, users, cancellation);
    }

    private static async Task<IResult> SetStatusAsync(
        HttpContext http, Guid id, UserStatus status, string? reason, StatusChanges statuses, UserQueries users, CancellationToken cancellation) =>
        await statuses.ApplyAsync(http.Caller(), id, status, reason, cancellation) switch
        {
            StatusOutcome.Done => await GetAsync(http, id, users, cancellation),
            StatusOutcome.NoUser => Problem.NotFound("user"),
            StatusOutcome.Yourself => Problem.Conflict("yourself", "Nobody locks themselves out."),
            StatusOutcome.LastOwner => Problem.Conflict("last-owner", "The account keeps at least one owner who can sign in."),
            StatusOutcome.Deleting => Problem.Conflict("frozen", "The user is being deleted."),
            _ => Problem.Conflict("changed", "Status or credentials were changed at the same moment."),
        };

    private static async Task<IResult> EndSessionsAsync(HttpContext http, Guid id, UserQueries users, BrowserSessions sessions, CancellationToken cancellation)
    {
        if (await users.FindAsync(http.Caller().Account, id, cancellation) is null) return Problem.NotFound("user");
        await sessions.EndAllAsync(id, except: null, cancellation);
        return Results.NoContent();
    }

    private static async Task<IResult> RevealAsync(
        HttpContext http, Guid id, RevealUserRequest body, UserQueries users, UserReveal reveal, CancellationToken cancellation)
    {
        if (await users.FindAsync(http.Caller().Account, id, cancellation) is not { } found) return Problem.NotFound("user");
        if (UserField.Revealable.FirstOrDefault(f => Findings.ApiName(f.Name) == body.Field) is not { } field) return Problem.Invalid(("field", "a field of the profile"));
        http.Response.Headers.CacheControl = "no-store";
        return await reveal.RevealAsync(http, found.User, field, body.Purpose, body.Reason, cancellation) switch
        {
            null => Problem.NotFound("value"),
            RevealOutcome<string>.Revealed revealed => Results.Ok(new RevealedAnswer(body.Field, revealed.Value)),
            RevealOutcome<string>.NotOnWhitelist refused => Problem.Forbidden(
                "not-on-whitelist", "None of your roles is on the whitelist of this category.", ("category", refused.Category), ("whitelist", refused.Whitelist)),
            RevealOutcome<string>.Invalid wrong => Problem.Invalid((wrong.Field, wrong.Rule)),
            _ => Problem.Of(StatusCodes.Status410Gone, "shredded", "The key was destroyed: the value is gone."),
        };
    }

    private static IResult Taken(UserField field) =>
        Problem.Conflict("taken", "Somebody of the directory has this value already.", ("field", Findings.ApiName(field.Name)));
}

/// <summary>What to look for. At most one exact value is used: email before mobile before user name; the others all hold together.</summary>
/// <param name="Name">Beginnings of words of the display name; all must occur, in any order.</param>
internal readonly record struct UserSearch(
    string? Directory, string? Status, string? Email, string? Mobile, string? UserName, string? Name, Guid? Group, DateTimeOffset? SignedInAfter, DateTimeOffset? SignedInBefore, string? Cursor, int? Limit)
{
    public UserSelection Selection(UserStatus? status) => new(status, Group, SignedInAfter, SignedInBefore);

    public (UserField Field, string Value)? Exact() =>
        !string.IsNullOrWhiteSpace(Email) ? (UserField.Email, Email)
        : !string.IsNullOrWhiteSpace(Mobile) ? (UserField.Mobile, Mobile)
        : !string.IsNullOrWhiteSpace(UserName) ? (UserField.UserName, UserName)
        : null;
}
