using Custodia.Console;
using Custodia.Identity.Consents;
using Custodia.Identity.Directories;
using Custodia.Identity.Protocol;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Custodia.Identity.Device;

/// <summary>
/// <c>/d/{directory}/device</c> (RFC 8628 section 3.3): a person who is signed in types the code of a device, reads what it asks
/// for and decides. A link with the code in it (section 3.3.1) saves the typing and nothing else: only the posted decision counts.
/// </summary>
internal static class DevicePages
{
    public static async Task<IResult> ShowAsync(
        string directory, [FromQuery(Name = "user_code")] string? code, HttpContext http, Issuers issuers, [AsParameters] DevicePageParts parts, CancellationToken cancellation)
    {
        if (await OpenAsync(directory, http, issuers, cancellation) is not var (issuer, live)) return Problem.Forbidden("session-needed", "These pages need a session in a browser.");
        return string.IsNullOrEmpty(code)
            ? View.Show<DeviceCodePage>(new DeviceCodeModel(issuer.Path("device"), new FormState()))
            : await ConfirmAsync(http, issuer, live, new FormState([new("user_code", code)]), parts, cancellation);
    }

    public static async Task<IResult> EnterAsync(
        string directory, [FromForm] IFormCollection posted, HttpContext http, Issuers issuers, [AsParameters] DevicePageParts parts, CancellationToken cancellation)
    {
        if (await OpenAsync(directory, http, issuers, cancellation) is not var (issuer, live)) return Problem.Forbidden("session-needed", "These pages need a session in a browser.");
        return await ConfirmAsync(http, issuer, live, new FormState(posted), parts, cancellation);
    }

    public static async Task<IResult> DecideAsync(
        string directory, [FromForm] IFormCollection posted, HttpContext http, Issuers issuers, [AsParameters] DevicePageParts parts, CancellationToken cancellation)
    {
        if (await OpenAsync(directory, http, issuers, cancellation) is not var (issuer, live)) return Problem.Forbidden("session-needed", "These pages need a session in a browser.");
        var form = new FormState(posted);
        var (asked, problem) = await FindAsync(http, issuer, live, form, parts, cancellation);
        if (asked is null) return problem!;
        var allow = form["decision"] == "allow";
        if (allow && await parts.Gate.DetourAsync(issuer, live, asked, cancellation) is { } first) return ProtocolAnswers.SeeOther(http, first);
        if (!await parts.Decisions.DecideAsync(http, live, asked, allow, cancellation)) return Again(http, issuer, form, "CodeUnknown");
        return ProtocolAnswers.SeeOther(http, issuer.Path(allow ? "device/allowed" : "device/refused"));
    }

    public static Task<IResult> AllowedAsync(string directory, HttpContext http, IdentityContext database, CancellationToken cancellation) =>
        DoneAsync(directory, http, database, "Allowed", cancellation);

    public static Task<IResult> RefusedAsync(string directory, HttpContext http, IdentityContext database, CancellationToken cancellation) =>
        DoneAsync(directory, http, database, "Refused", cancellation);

    private static async Task<IResult> DoneAsync(string directory, HttpContext http, IdentityContext database, string what, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is null) return DirectoryPages.NoDirectory();
        ProtocolAnswers.NoStore(http);
        return View.Show<DeviceDonePage>(new DeviceDoneModel(what));
    }

    private static async Task<IResult> ConfirmAsync(
        HttpContext http, Issuer issuer, LiveSession live, FormState form, DevicePageParts parts, CancellationToken cancellation)
    {
        var (asked, problem) = await FindAsync(http, issuer, live, form, parts, cancellation);
        if (asked is null) return problem!;
        return await parts.Gate.DetourAsync(issuer, live, asked, cancellation) is { } first
            ? ProtocolAnswers.SeeOther(http, first)
            : View.Show<DeviceConfirmPage>(new DeviceConfirmModel(
                issuer.Path("device/decide"), UserCode.Shown(asked.UserCode), asked.Application.Name, http.Caller().Name, asked.Terms(parts.Time.GetUtcNow())));
    }

    // Unknown, used up and expired codes answer alike.
    private static async Task<(AskingDevice? Asked, IResult? Problem)> FindAsync(
        HttpContext http, Issuer issuer, LiveSession live, FormState form, DevicePageParts parts, CancellationToken cancellation)
    {
        if (parts.Guard.Take(http, live.User.Id) is { } wait)
        {
            SignInEndpoints.Explain(http, form, new SignInOutcome.Throttled(wait), "SignInRefused");
            return (null, View.Show<DeviceCodePage>(StatusCodes.Status429TooManyRequests, new DeviceCodeModel(issuer.Path("device"), form)));
        }

        if (await parts.Decisions.FindAsync(issuer, form["user_code"], cancellation) is not { } asked) return (null, Again(http, issuer, form, "CodeUnknown"));
        parts.Guard.Right(http, live.User.Id);
        return (asked, null);
    }

    private static IResult Again(HttpContext http, Issuer issuer, FormState form, string why)
    {
        ProtocolAnswers.NoStore(http);
        form.Fail("user_code", DeviceTexts.Of(why));
        return View.Invalid<DeviceCodePage>(new DeviceCodeModel(issuer.Path("device"), form));
    }

    // A token does not open these pages: they are about who sits in front of a browser.
    private static async Task<(Issuer Issuer, LiveSession Live)?> OpenAsync(string directory, HttpContext http, Issuers issuers, CancellationToken cancellation)
    {
        ProtocolAnswers.NoStore(http);
        return http.Features.Get<LiveSession>() is { } live && await issuers.FindAsync(directory, cancellation) is { } issuer ? (issuer, live) : null;
    }
}

/// <summary>What the pages work with.</summary>
internal readonly record struct DevicePageParts(DeviceDecisions Decisions, DeviceGuard Guard, DeviceGate Gate, TimeProvider Time);

internal sealed record DeviceCodeModel(string Action, FormState Form);

internal sealed record DeviceConfirmModel(string Action, string Code, string Application, string Person, AccessTerms Terms);

/// <param name="What"><c>Allowed</c> or <c>Refused</c>.</param>
internal sealed record DeviceDoneModel(string What);
