using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Branding;
using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Protocol;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Identity.Sources.Providers;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Sources;

/// <summary><c>/d/{directory}/sources/{source}</c>: to a provider and back.</summary>
internal static class ExternalEndpoints
{
    public static void MapExternalSignIn(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/d/{directory}/sources/{source}").AllowAnyone("People sign in elsewhere and come back").ExcludeFromDescription();
        pages.MapGet("", StartAsync);
        pages.MapGet("/callback", ReturnAsync);
    }

    private static async Task<IResult> StartAsync(
        HttpContext http, string directory, string source, IdentityContext database, [AsParameters] ExternalParts parts, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        if (await parts.Sources.FindAsync(home, source, cancellation) is not { Enabled: true } its) return Problem.NotFound("source");
        var state = ExternalState.New(its.Id, SignInEndpoints.Wanted(http.Request.Query["return"]), linksTo: null, parts.Time.GetUtcNow());
        return await LeaveAsync(http, home, its, state, parts, cancellation) ?? Back(home, state.Return, SourceNotes.Refused);
    }

    /// <summary>Sends the browser to the provider; null when that does not answer.</summary>
    public static async Task<IResult?> LeaveAsync(
        HttpContext http, Directory directory, AuthenticationSource source, ExternalState state, ExternalParts parts, CancellationToken cancellation)
    {
        var language = CultureInfo.CurrentUICulture.Name;
        var address = await parts.Client.AuthorizationAddressAsync(source, state, await parts.CallbackOfAsync(directory, source, cancellation), language, cancellation);
        if (address is null) return null;
        parts.Cookies.Keep(http, state);
        return ProtocolAnswers.SeeOther(http, address);
    }

    private static async Task<IResult> ReturnAsync(
        HttpContext http, string directory, string source, IdentityContext database, LiveSessions sessions, [AsParameters] ExternalParts parts, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        if (await parts.Sources.FindAsync(home, source, cancellation) is not { Enabled: true } its) return Problem.NotFound("source");

        // 1. Only the browser that began may finish, and once.
        var answer = new Parameters(http.Request.Query);
        if (parts.Cookies.Take(http, its.Id, answer["state"]) is not { } state) return Back(home, null, SourceNotes.Gone);

        // 2. The person said no there, or something went wrong there.
        if (answer["error"] is { } error) return Done(home, state, error == Errors.AccessDenied ? SourceNotes.Cancelled : SourceNotes.Refused);

        // 3. The code is from the provider that was asked (RFC 9207), and is good for somebody.
        if (parts.Guard.TakeAddress(http.Facts().ClientIp) is not null) return Done(home, state, SourceNotes.Refused);
        var person = answer["code"] is { } code && await parts.Client.IsItsIssuerAsync(its, answer["iss"], cancellation)
            ? await parts.Client.RedeemAsync(its, state, code, await parts.CallbackOfAsync(home, its, cancellation), cancellation)
            : null;
        if (person is null)
        {
            await parts.Operations.RecordAsync(http, home, null, OperationResult.SignInRefused, cancellation);
            return Done(home, state, SourceNotes.Refused);
        }

        parts.Guard.SucceededFrom(http.Facts().ClientIp);

        // 4. Signed in, or connected with who is signed in.
        if (state.LinksTo is not { } session) return Answer(http, home, state, await parts.SignIn.SignInAsync(http, home, its, person, state.Return, cancellation), parts);
        return await sessions.FindAsync(http, home.Name, cancellation) is { } live && live.Session.Id == session
            ? Answer(http, home, state, await parts.SignIn.ConnectAsync(http, live, its, person, cancellation), parts)
            : Back(home, null, SourceNotes.Gone);
    }

    private static IResult Answer(HttpContext http, Directory home, ExternalState state, ExternalOutcome outcome, ExternalParts parts)
    {
        switch (outcome)
        {
            case ExternalOutcome.Proved proved:
                return new SeeOther(proved.Path);
            case ExternalOutcome.New arrived:
                parts.Cookies.Keep(http, arrived.Arrival);
                return new SeeOther($"/d/{home.Name}/arrival{(state.Return is null ? "" : "?return=" + Uri.EscapeDataString(state.Return))}");
            default:
                return Done(home, state, outcome switch
                {
                    ExternalOutcome.Connected => SourceNotes.Connected,
                    ExternalOutcome.Unknown => SourceNotes.Unknown,
                    ExternalOutcome.Taken => SourceNotes.Taken,
                    ExternalOutcome.Locked => SourceNotes.Locked,
                    _ => SourceNotes.Refused,
                });
        }
    }

    private static SeeOther Done(Directory home, ExternalState state, string note) =>
        state.LinksTo is null ? Back(home, state.Return, note) : new SeeOther($"/account/{home.Name}/connections?note={note}");

    private static SeeOther Back(Directory home, string? back, string note) =>
        new($"/d/{home.Name}/sign-in?note={note}{(back is null ? "" : "&return=" + Uri.EscapeDataString(back))}");
}

/// <summary>What the ways to a provider and back work with.</summary>
internal readonly record struct ExternalParts(
    SourceRegistry Sources,
    ProviderClient Client,
    ExternalCookies Cookies,
    ExternalSignIn SignIn,
    SignInGuard Guard,
    UserOperations Operations,
    Brandings Brandings,
    TimeProvider Time)
{
    /// <summary>One address a source, so that an answer of one provider never counts as another's (RFC 9700 section 4.4.2.2).</summary>
    public async ValueTask<string> CallbackOfAsync(Directory directory, AuthenticationSource source, CancellationToken cancellation) =>
        $"{await Brandings.FrontAsync(directory.Id, cancellation)}/d/{directory.Name}/sources/{source.Name}/callback";
}

/// <summary>What people read after coming back; texts are registered as notices.</summary>
internal static class SourceNotes
{
    public const string Refused = "source-refused";
    public const string Cancelled = "source-cancelled";
    public const string Gone = "source-gone";
    public const string Unknown = "source-unknown";
    public const string Locked = "source-locked";
    public const string Taken = "source-taken";
    public const string Connected = "source-connected";
    public const string Disconnected = "source-disconnected";
    public const string LastWay = "source-last-way";

    public static readonly IReadOnlyList<(string Code, Tone Tone)> All =
    [
        (Refused, Tone.Danger), (Cancelled, Tone.Info), (Gone, Tone.Warning), (Unknown, Tone.Warning), (Locked, Tone.Danger),
        (Taken, Tone.Warning), (Connected, Tone.Good), (Disconnected, Tone.Good), (LastWay, Tone.Warning),
    ];
}
