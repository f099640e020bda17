using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Groups;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Administration;

/// <summary>The list of <c>/console/users</c>: by exact value, beginning of the name, status, group and last sign-in.</summary>
internal static class UserListPages
{
    private const string Home = "/console/users";
    private const int PageSize = 50;

    public static async Task<IResult> ListAsync(
        HttpContext http, UserQueries users, GroupQueries groups, [AsParameters] UserFilter filter, CancellationToken cancellation)
    {
        var directories = await users.DirectoriesAsync(http.Caller().Account, cancellation);
        if (directories.Count == 0) return new SeeOther("/console/directories");
        if ((string.IsNullOrEmpty(filter.Directory) ? directories.Find(d => !d.IsStaff) ?? directories[0] : directories.Find(d => d.Name == filter.Directory)) is not { } shown) return Problem.NotFound("directory");
        if (Cursor.Read(filter.Cursor, null, out var before) is { } invalid) return invalid;
        if (!UserQueries.TryStatus(filter.Status, out var status)) return Problem.Invalid(("status", "NORMAL, LOCKED or FROZEN"));
        Guid? group = Guid.TryParse(filter.Group, out var chosen) ? chosen : null;
        if (group is null && !string.IsNullOrEmpty(filter.Group)) return Problem.Invalid(("group", "the number of a group"));
        var form = new FormState();
        var selection = new UserSelection(
            status, group, Day(form, "from", filter.From), Day(form, "to", filter.To)?.AddDays(1));
        if (await users.NamesAsync(shown, filter.Name, cancellation) is { } names) selection = selection with { Names = names };
        else form.Fail("name", UserTexts.Of("NameTooShort"));
        var (page, next) = form.IsValid ? await PageAsync(users, shown, filter.Q, selection, before, cancellation) : ([], null);
        var older = next is null ? null : QueryHelpers.AddQueryString(Home, filter.Values(shown.Name).Where(v => !string.IsNullOrEmpty(v.Value)).Append(new("cursor", next)));
        var choices = (await groups.NamesAsync(shown, cancellation)).ConvertAll(g => new Choice(g.Id.ToString(), g.Name));
        return View.Show<UsersPage>(new UsersModel(
            directories, shown, choices, form, await users.AnswersAsync(page, shown, cancellation), older, http.Caller().Can(Permissions.UsersWrite)));
    }

    private static async Task<(List<User> Page, string? Next)> PageAsync(
        UserQueries users, Directory directory, string? typed, UserSelection selection, Guid? before, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(typed)) return Cursor.Cut(await users.PageAsync(directory, selection, before, PageSize, cancellation), PageSize, u => u.Id);
        return (await SearchAsync(users, directory, typed, cancellation) is { } found ? [found] : [], null);
    }

    private static async Task<User?> SearchAsync(UserQueries users, Directory directory, string typed, CancellationToken cancellation)
    {
        var field = typed.Contains('@', StringComparison.Ordinal) ? UserField.Email : UserField.UserName;
        return await users.ByValueAsync(directory, field, typed, cancellation)
            ?? (Normalise.Mobile(typed).Length >= 5 ? await users.ByValueAsync(directory, UserField.Mobile, typed, cancellation) : null);
    }

    private static DateTimeOffset? Day(FormState form, string field, string? typed)
    {
        if (string.IsNullOrEmpty(typed)) return null;
        if (DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
            return new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        form.Fail(field, UserTexts.Of("DateShape"));
        return null;
    }
}

/// <param name="Q">An exact user name, address or number; then the others do not count.</param>
/// <param name="Name">Beginnings of words of the display name.</param>
/// <param name="From">First day of the last sign-in (UTC), <c>yyyy-MM-dd</c>.</param>
/// <param name="To">Last day of it.</param>
internal readonly record struct UserFilter(string? Directory, string? Status, string? Q, string? Name, string? Group, string? From, string? To, string? Cursor)
{
    public IEnumerable<KeyValuePair<string, string?>> Values(string directory) =>
        [new("directory", directory), new("q", Q), new("name", Name), new("status", Status), new("group", Group), new("from", From), new("to", To)];
}
