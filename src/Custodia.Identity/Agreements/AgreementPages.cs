using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Portal;
using Custodia.Identity.SignIn;
using Custodia.Identity.SignUp;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Agreements;

/// <summary>Where people read agreements, accept what is asked of them after signing in, and look at what they have accepted.</summary>
internal static class AgreementPages
{
    /// <summary>Registered notice after an agreement was taken back.</summary>
    public const string Withdrawn = "agreement-withdrawn";

    public static void MapAgreementPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/d/{directory}/agreements/{id:guid}", ReadAsync).AllowAnyone("People read it before they join").ExcludeFromDescription();
        var gate = routes.MapGroup("/d/{directory}/agreements").RequireUser(staffToo: true).WithSession().ExcludeFromDescription();
        gate.MapGet("", AskAsync);
        gate.MapPost("", AcceptAsync);
    }

    public static void MapAgreementPortal(this RouteGroupBuilder portal)
    {
        portal.MapGet("/agreements", ListAsync);
        portal.MapPost("/agreements/{id:guid}/accept", AcceptOneAsync);
        portal.MapPost("/agreements/{id:guid}/withdraw", WithdrawAsync);
    }

    private static async Task<IResult> ReadAsync(HttpContext http, string directory, Guid id, IdentityContext database, TimeProvider time, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        var now = time.GetUtcNow();
        // A version that has not begun is still being written.
        var agreement = await database.Agreements.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.DirectoryId == home.Id && a.ValidFrom <= now, cancellation);
        return agreement is { Text: not null } ? View.Show<AgreementTextPage>(agreement) : Problem.NotFound("agreement");
    }

    private static async Task<IResult> AskAsync(
        HttpContext http, AgreementStore agreements, IEnumerable<ISignInReturn> targets, CancellationToken cancellation)
    {
        var live = http.Live();
        var back = SignInEndpoints.Wanted(http.Request.Query["return"]);
        var open = await agreements.OpenAsync(live.Directory.Id, live.User.Id, cancellation);
        if (open.Count == 0) return new SeeOther(live.Directory.ReturnOrHome(back));
        await SignInEndpoints.AllowReturnAsync(http, live.Directory, back, targets, cancellation);
        return View.Show<AgreementsAskedPage>(new AgreementsAsked(live.Directory, open, new FormState(), back));
    }

    private static async Task<IResult> AcceptAsync(
        HttpContext http, [FromForm] IFormCollection posted, AgreementStore agreements, UserOperations operations, IEnumerable<ISignInReturn> targets, CancellationToken cancellation)
    {
        var live = http.Live();
        var form = new FormState(posted);
        var back = SignInEndpoints.Wanted(form["return"]);
        var open = await agreements.OpenAsync(live.Directory.Id, live.User.Id, cancellation);
        foreach (var missing in open.Where(a => !form.Ticked(SignUpForm.BoxOf(a.Id)))) form.Fail(SignUpForm.BoxOf(missing.Id), Registration.RegistrationTexts.Of("Agreement_Needed"));
        if (!form.IsValid)
        {
            await SignInEndpoints.AllowReturnAsync(http, live.Directory, back, targets, cancellation);
            return View.Invalid<AgreementsAskedPage>(new AgreementsAsked(live.Directory, open, form, back));
        }

        await agreements.AcceptAsync(live.User.Account, live.User.Id, open, cancellation);
        await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.AgreementsAccepted, cancellation);
        return new SeeOther(live.Directory.ReturnOrHome(back));
    }

    private static async Task<IResult> ListAsync(HttpContext http, AgreementStore agreements, CancellationToken cancellation)
    {
        var live = http.Live();
        var accepted = await agreements.AcceptedAsync(live.User.Id, cancellation);
        var open = (await agreements.InForceAsync(live.Directory.Id, cancellation)).Where(a => !accepted.ContainsKey(a.Id)).ToList();
        return View.Show<AgreementsPage>(new AgreementsModel(live.Directory, await agreements.HistoryAsync(live.User.Id, cancellation), open));
    }

    private static async Task<IResult> AcceptOneAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, AgreementStore agreements, UserOperations operations, CancellationToken cancellation)
    {
        _ = posted;
        var live = http.Live();
        if ((await agreements.InForceAsync(live.Directory.Id, cancellation)).FirstOrDefault(a => a.Id == id) is not { } agreement) return Problem.NotFound("agreement");
        await agreements.AcceptAsync(live.User.Account, live.User.Id, [agreement], cancellation);
        await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.AgreementsAccepted, cancellation);
        return new SeeOther($"/account/{live.Directory.Name}/agreements?note=saved");
    }

    private static async Task<IResult> WithdrawAsync(
        HttpContext http, Guid id, [FromForm] IFormCollection posted, AgreementStore agreements, UserOperations operations, CancellationToken cancellation)
    {
        _ = posted;
        var live = http.Live();
        if (!await agreements.WithdrawAsync(live.User.Id, id, cancellation)) return Problem.NotFound("agreement");
        await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.AgreementWithdrawn, cancellation);
        return new SeeOther($"/account/{live.Directory.Name}/agreements?note={Withdrawn}");
    }
}

/// <param name="Open">Mandatory versions that are not accepted yet.</param>
internal sealed record AgreementsAsked(Directory Directory, IReadOnlyList<Agreement> Open, FormState Form, string? Return);

/// <param name="Open">Versions in force that the person has not accepted.</param>
internal sealed record AgreementsModel(Directory Directory, IReadOnlyList<(Acceptance Acceptance, Agreement Agreement)> History, IReadOnlyList<Agreement> Open);
