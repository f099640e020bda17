using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Protocol;
using Custodia.Identity.Rules;
using Custodia.Kernel.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.SignIn;

/// <summary>Signing in with the link of a mail. The page can be looked at as often as anybody likes; its button works once, in any browser.</summary>
internal static class LinkEndpoints
{
    public static void MapMagicLink(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/d/{directory}/sign-in/link").AllowAnyone("People sign in here").ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", RedeemAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, string directory, string? link, IdentityContext database, SignInRuleStore rules, IEnumerable<ISignInReturn> targets, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        if (!(await rules.OfAsync(home, cancellation)).Allows(SignInWay.MagicLink)) return SignInEndpoints.WayIsOff();
        var back = SignInEndpoints.Wanted(http.Request.Query["return"]);
        await SignInEndpoints.AllowReturnAsync(http, home, back, targets, cancellation);
        return View.Show<LinkPage>(new LinkForm(home, OpaqueToken.Looks(link) ? link! : "", new FormState(), back));
    }

    private static async Task<IResult> RedeemAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, IdentityContext database, SignInRuleStore rules, CodeSignIn signIn, IEnumerable<ISignInReturn> targets, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        if (!(await rules.OfAsync(home, cancellation)).Allows(SignInWay.MagicLink)) return SignInEndpoints.WayIsOff();
        var form = new FormState(posted);
        var back = SignInEndpoints.Wanted(form["return"]);
        var outcome = await signIn.RedeemLinkAsync(http, home, form["link"], back, cancellation);
        if (outcome is SignInOutcome.Proved { Step: var step }) return new SeeOther(step.Path);
        if (outcome is SignInOutcome.Refused) form.Fail(SignInTexts.Of("LinkRefused"));
        else SignInEndpoints.Explain(http, form, outcome, "CodeRefused");
        await SignInEndpoints.AllowReturnAsync(http, home, back, targets, cancellation);
        return View.Show<LinkPage>(SignInEndpoints.StatusOf(form, http), new LinkForm(home, "", form, back));
    }
}

/// <param name="Link">The secret of the link, as it came.</param>
internal sealed record LinkForm(Directory Directory, string Link, FormState Form, string? Return);
