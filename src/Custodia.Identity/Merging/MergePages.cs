using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Merging;

/// <summary><c>/console/users/{id}/merge</c>: two accounts of one person become one.</summary>
internal static class MergePages
{
    public static void MapMergePages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/console/users/{id:guid}/merge").ExcludeFromDescription();
        pages.MapGet("", ShowAsync).RequirePermission(Permissions.UsersDelete);
        pages.MapPost("", MergeAsync).RequirePermission(Permissions.UsersDelete, MergeApi.Area);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Guid id, UserQueries users, CancellationToken cancellation) =>
        await ModelAsync(http, id, new FormState(), users, cancellation) is { } model ? View.Show<MergePage>(model) : Problem.NotFound("user");

    private static async Task<IResult> MergeAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, UserQueries users, AccountMerge merge, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        if (await users.FindAsync(http.Caller().Account, id, cancellation) is not { } found || found.Directory.IsStaff) return Problem.NotFound("user");
        if (!Guid.TryParse(form["other"], out var other)) form.Fail("other", MergeTexts.Of("OtherUnknown"));
        if (!form.Ticked("sure")) form.Fail("sure", MergeTexts.Of("SureMissing"));
        if (form.IsValid)
        {
            switch (await merge.RunAsync(http, found.Directory, id, other, "staff", cancellation))
            {
                case MergeOutcome.Merged:
                    return new SeeOther($"/console/users/{id}?note=merged");
                case MergeOutcome.NotKept:
                    form.Fail(MergeTexts.Of("NotKept"));
                    break;
                case MergeOutcome.Same:
                    form.Fail("other", MergeTexts.Of("Same"));
                    break;
                default:
                    form.Fail("other", MergeTexts.Of("OtherUnknown"));
                    break;
            }
        }

        return View.Invalid<MergePage>((await ModelAsync(http, id, form, users, cancellation))!);
    }

    private static async Task<MergeModel?> ModelAsync(HttpContext http, Guid id, FormState form, UserQueries users, CancellationToken cancellation)
    {
        if (await users.FindAsync(http.Caller().Account, id, cancellation) is not { } found || found.Directory.IsStaff) return null;
        var answer = (await users.AnswersAsync([found.User], found.Directory, cancellation))[0];
        return new MergeModel(answer, form);
    }
}

/// <param name="Surviving">The account that stays.</param>
internal sealed record MergeModel(UserAnswer Surviving, FormState Form);
