using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Administration;

/// <summary><c>/api/v1/account</c> and <c>/api/v1/directories</c>.</summary>
internal static class DirectoriesApi
{
    public static void MapDirectoriesApi(this IEndpointRouteBuilder routes)
    {
        var account = routes.MapGroup("/api/v1/account").WithTags("Account");
        account.MapGet("", GetAccountAsync).RequirePermission(Permissions.AccountRead).Produces<AccountAnswer>()
            .Describe("getAccount", "The account of the caller");
        account.MapPatch("", RenameAccountAsync).RequirePermission(Permissions.AccountWrite, "account").Produces<AccountAnswer>()
            .Describe("renameAccount", "Renames the account");
        var api = routes.MapGroup("/api/v1/directories").WithTags("Directories");
        api.MapGet("", ListAsync).RequirePermission(Permissions.DirectoriesRead).Produces<ListAnswer<DirectoryAnswer>>()
            .Describe("listDirectories", "Directories of the account");
        api.MapPost("", CreateAsync).RequirePermission(Permissions.DirectoriesWrite, "directories.create").WhileOpen(AccountServices.Identity).Produces<DirectoryAnswer>(StatusCodes.Status201Created)
            .Describe("createDirectory", "Creates a customer directory", 409);
        api.MapGet("/{name}", GetAsync).RequirePermission(Permissions.DirectoriesRead).Produces<DirectoryAnswer>()
            .Describe("getDirectory", "A directory");
        api.MapPatch("/{name}", UpdateAsync).RequirePermission(Permissions.DirectoriesWrite, "directories.update").Produces<DirectoryAnswer>()
            .Describe("updateDirectory", "Changes a directory; what is left out stays");
    }

    private static async Task<IResult> GetAccountAsync(HttpContext http, IdentityContext database, CancellationToken cancellation)
    {
        var uin = http.Caller().Account;
        return await database.Accounts.AsNoTracking().FirstOrDefaultAsync(a => a.Uin == uin, cancellation) is { } account
            ? Results.Ok(new AccountAnswer(account.Uin, account.AppId, account.Name, account.Region, account.CreatedAt))
            : Problem.NotFound("account");
    }

    private static async Task<IResult> RenameAccountAsync(HttpContext http, AccountRequest body, IdentityContext database, CancellationToken cancellation)
    {
        var name = body.Name.Trim();
        if (!ShownText.IsLine(name, Accounts.Account.MaxName)) return Problem.Invalid(("name", ShownText.RuleOf(Accounts.Account.MaxName)));
        var uin = http.Caller().Account;
        if (await database.Accounts.FirstOrDefaultAsync(a => a.Uin == uin, cancellation) is not { } account) return Problem.NotFound("account");
        account.Name = name;
        await database.SaveChangesAsync(cancellation);
        return await GetAccountAsync(http, database, cancellation);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, IdentityContext database, IOptions<CustodiaOptions> options, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Cursor.Read(cursor, limit, out var before) is { } invalid) return invalid;
        var account = http.Caller().Account;
        var wanted = limit ?? Cursor.DefaultLimit;
        var directories = database.Directories.AsNoTracking().Where(d => d.Account == account);
        if (before is { } id) directories = directories.Where(d => d.Id < id);
        var (page, next) = Cursor.Cut(await directories.OrderByDescending(d => d.Id).Take(wanted + 1).ToListAsync(cancellation), wanted, d => d.Id);
        return Results.Ok(new ListAnswer<DirectoryAnswer>([.. page.Select(d => DirectoryAnswer.Of(d, options.Value.PublicUrl))], next));
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, string name, UserQueries queries, IOptions<CustodiaOptions> options, CancellationToken cancellation) =>
        await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is { } directory
            ? Results.Ok(DirectoryAnswer.Of(directory, options.Value.PublicUrl))
            : Problem.NotFound("directory");

    private static async Task<IResult> CreateAsync(
        HttpContext http, NewDirectoryRequest body, DirectorySettings settings, IOptions<CustodiaOptions> options, CancellationToken cancellation)
    {
        var findings = DirectoryRules.Check(body);
        if (findings.Any) return findings.ToProblem();
        return await settings.CreateAsync(http.Caller().Account, body, cancellation) is { } directory
            ? Results.Created($"/api/v1/directories/{directory.Name}", DirectoryAnswer.Of(directory, options.Value.PublicUrl))
            : Problem.Conflict("taken", "This name is taken on this server.", ("field", "name"));
    }

    private static async Task<IResult> UpdateAsync(
        HttpContext http, string name, DirectoryRequest body, DirectorySettings settings, IOptions<CustodiaOptions> options, CancellationToken cancellation)
    {
        var findings = DirectoryRules.Check(body);
        if (findings.Any) return findings.ToProblem();
        return await settings.UpdateAsync(http.Caller().Account, name, body, cancellation) is { } directory
            ? Results.Ok(DirectoryAnswer.Of(directory, options.Value.PublicUrl))
            : Problem.NotFound("directory");
    }
}

internal sealed record AccountAnswer(long Uin, long AppId, string Name, string Region, DateTimeOffset CreatedAt);

internal sealed record AccountRequest(string Name);
