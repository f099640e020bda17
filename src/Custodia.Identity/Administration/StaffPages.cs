using Custodia.Console;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Administration;

/// <summary><c>/console/sub-accounts</c>.</summary>
internal static class StaffPages
{
    private const string Home = "/console/sub-accounts";
    private const int PageSize = 50;

    public static void MapStaffPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Home).ExcludeFromDescription();
        pages.MapGet("", ListAsync).RequirePermission(Permissions.SubAccountsRead);
        pages.MapGet("/new", () => View.Show<SubAccountPage>(new SubAccountModel(null, new FormState(), true))).RequirePermission(Permissions.SubAccountsWrite);
        pages.MapPost("/new", CreateAsync).RequirePermission(Permissions.SubAccountsWrite, "sub-accounts.create").WhileOpen(AccountServices.Identity);
        pages.MapGet("/{uin:long}", ShowAsync).RequirePermission(Permissions.SubAccountsRead);
        pages.MapPost("/{uin:long}", SetRolesAsync).RequirePermission(Permissions.SubAccountsWrite, "sub-accounts.roles");
        pages.MapPost("/{uin:long}/delete", DeleteAsync).RequirePermission(Permissions.SubAccountsWrite, "sub-accounts.delete");
    }

    private static async Task<IResult> ListAsync(HttpContext http, SubAccountQueries members, string? cursor, CancellationToken cancellation)
    {
        if (Cursor.Read(cursor, null, out var before) is { } invalid) return invalid;
        var (page, next) = Cursor.Cut(await members.PageAsync(http.Caller().Account, before, PageSize, cancellation), PageSize, m => m.User.Id);
        List<SubAccountAnswer> rows = [];
        foreach (var member in page) rows.Add(await members.AnswerAsync(member, cancellation));
        return View.Show<SubAccountsPage>(new SubAccountsModel(rows, next is null ? null : $"{Home}?cursor={next}", http.Caller().Can(Permissions.SubAccountsWrite)));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, [FromForm] IFormCollection posted, SubAccountChanges changes, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        var request = new NewSubAccountRequest(form["user-name"], form.Exact("password"), form.All("roles"), form["email"], form["display-name"]);
        foreach (var (field, rule) in changes.Check(http.Caller(), request).All) form.Fail(FormName(field), Texts.Rule(rule));
        if (form.IsValid)
        {
            var (outcome, member) = await changes.CreateAsync(http.Caller().Account, request, cancellation);
            if (member is not null) return new SeeOther($"{Home}/{member.Uin}?note=created");
            if (outcome is RegistrationOutcome.Taken taken) form.Fail(taken.Field.Name, Texts.Rule("taken"));
        }

        return View.Invalid<SubAccountPage>(new SubAccountModel(null, form, true));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, long uin, SubAccountQueries members, CancellationToken cancellation) =>
        await members.FindAsync(http.Caller().Account, uin, cancellation) is { } found
            ? View.Show<SubAccountPage>(new SubAccountModel(await members.AnswerAsync(found, cancellation), new FormState(), http.Caller().Can(Permissions.SubAccountsWrite)))
            : Problem.NotFound("sub-account");

    private static async Task<IResult> SetRolesAsync(
        HttpContext http, long uin, [FromForm] IFormCollection posted, SubAccountChanges changes, SubAccountQueries members, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        var roles = form.All("roles");
        foreach (var (field, rule) in changes.CheckRoles(http.Caller(), roles).All) form.Fail(field, Texts.Rule(rule));
        if (form.IsValid)
        {
            var outcome = await changes.SetRolesAsync(http.Caller(), uin, roles, cancellation);
            if (outcome is MemberOutcome.Done) return new SeeOther($"{Home}/{uin}?note=saved");
            if (outcome is MemberOutcome.NotFound) return Problem.NotFound("sub-account");
            form.Fail("roles", outcome is MemberOutcome.LastOwner ? Texts.Of("LastOwner") : Texts.Rule("above-yours"));
        }

        return await members.FindAsync(http.Caller().Account, uin, cancellation) is { } found
            ? View.Invalid<SubAccountPage>(new SubAccountModel(await members.AnswerAsync(found, cancellation), form, true))
            : Problem.NotFound("sub-account");
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, long uin, [FromForm] IFormCollection posted, SubAccountChanges changes, CancellationToken cancellation)
    {
        if (posted["confirmed"] != "true") return Problem.Invalid(("confirmed", "is required"));
        return await changes.DeleteAsync(http.Caller(), uin, "staff", cancellation) switch
        {
            MemberOutcome.Deleting => new SeeOther($"{Home}?note=deletion-opened"),
            MemberOutcome.LastOwner => Problem.Conflict("last-owner", "The account keeps at least one owner."),
            MemberOutcome.Yourself => Problem.Conflict("yourself", "Nobody deletes themselves here."),
            MemberOutcome.TooHigh => StaffRankFilter.TooHigh(),
            _ => Problem.NotFound("sub-account"),
        };
    }

    private static string FormName(string apiName) => apiName switch
    {
        "userName" => "user-name",
        "displayName" => "display-name",
        _ => apiName,
    };
}
