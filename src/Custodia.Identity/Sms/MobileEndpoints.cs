using Custodia.Console;
using Custodia.Identity.Logs;
using Custodia.Identity.Portal;
using Custodia.Identity.Rules;
using Custodia.Identity.SignIn;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Sms;

/// <summary><c>/account/{directory}/security/mobile</c>: verifying a number, after a sign-in of the last minutes.</summary>
internal static class MobileEndpoints
{
    private const string Page = "security/mobile";

    public static void MapMobile(this RouteGroupBuilder portal)
    {
        portal.MapGet("/security/mobile", ShowAsync);
        portal.MapPost("/security/mobile", SendAsync);
        portal.MapPost("/security/mobile/code", RedeemAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, SignInRuleStore rules, TimeProvider time, CancellationToken cancellation)
    {
        if (http.SignInAgain(time, Page) is { } again) return again;
        var live = http.Live();
        return (await rules.OfAsync(live.Directory, cancellation)).Allows(SignInWay.SmsCode)
            ? View.Show<MobilePage>(new PortalForm(live.Directory, new FormState()))
            : SignInEndpoints.WayIsOff();
    }

    private static async Task<IResult> SendAsync(
        HttpContext http, [FromForm] IFormCollection posted, MobileChange change, [AsParameters] SmsParts parts, TimeProvider time, CancellationToken cancellation)
    {
        if (http.SignInAgain(time, Page) is { } again) return again;
        var live = http.Live();
        var rules = await parts.Rules.OfAsync(live.Directory, cancellation);
        if (!rules.Allows(SignInWay.SmsCode)) return SignInEndpoints.WayIsOff();
        var form = new FormState(posted);
        var number = Normalise.Mobile(form["mobile"]);
        await parts.CheckAsync(http, live.Directory, rules, number, form, cancellation);
        if (!form.IsValid) return View.Show<MobilePage>(SignInEndpoints.StatusOf(form, http), new PortalForm(live.Directory, form));
        var id = await change.SendAsync(live, number, cancellation);
        return View.Show<CodePage>(new CodeForm($"/account/{live.Directory.Name}/{Page}/code", id, new FormState(), null));
    }

    private static Task<IResult> RedeemAsync(
        HttpContext http, [FromForm] IFormCollection posted, MobileChange change, SignInGuard guard, UserOperations operations, CancellationToken cancellation) =>
        new ContactConfirmation(Page + "/code", "/security?note=mobile-verified", OperationResult.ProfileChanged, change.RedeemAsync).RunAsync(http, posted, guard, operations, cancellation);
}
