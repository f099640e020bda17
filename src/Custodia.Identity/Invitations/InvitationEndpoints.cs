using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Registration;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Identity.SignUp;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Invitations;

/// <summary>The pages behind the link of an invitation. Opening the link uses nothing up; posting the form does.</summary>
internal static class InvitationEndpoints
{
    public static void MapInvitations(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/d/{directory}/invitation").AllowAnyone("People who were invited join here").ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", JoinAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, string directory, string? key, IdentityContext database, [AsParameters] InvitationParts parts, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        if (await parts.OpenAsync(home, key, cancellation) is not { } open) return Gone(home);
        return SignUpEntry.RefusedBefore(http, open.Asked) ?? View.Show<SignUpPage>(open.Model(new FormState()));
    }

    private static async Task<IResult> JoinAsync(
        HttpContext http, string directory, [FromForm] IFormCollection posted, IdentityContext database, [AsParameters] InvitationParts parts, [AsParameters] SignUpParts signUp, CancellationToken cancellation)
    {
        if (await database.FindDirectoryAsync(http, directory, cancellation) is not { } home) return DirectoryPages.NoDirectory();
        var form = new FormState(posted);
        if (signUp.Guard.TakeAddress(http.Facts().ClientIp) is { } wait) await SignUpEndpoints.ThrottleAsync(http, home, form, wait, signUp, cancellation);
        if (await parts.OpenAsync(home, form["key"], cancellation) is not { } open) return Gone(home);
        if (await signUp.Entry.RefusalAsync(http, open.Asked, form, cancellation) is { } refusal) return refusal;
        var (profile, password, agreements) = SignUpForm.Read(form, open.Asked, DateOnly.FromDateTime(signUp.Time.GetUtcNow().UtcDateTime), open.Email);
        if (form.IsValid)
        {
            var data = new SignUpData(profile, await signUp.Hashes.HashAsync(password!, cancellation), signUp.Countries.Of(http.Facts().ClientIp)) { Agreements = agreements };
            var outcome = await parts.SignUp.JoinAsync(home, open.Invitation, data, cancellation);
            if (outcome is SignUpOutcome.Done done) return await SignUpEndpoints.WelcomeAsync(http, home, done.User, Authentication.Password, null, signUp, cancellation);
            if (outcome is SignUpOutcome.Refused) return Gone(home);
            form.Fail("user-name", Texts.Rule("taken"));
        }

        return View.Show<SignUpPage>(SignInEndpoints.StatusOf(form, http), open.Model(form));
    }

    // Unknown, used, revoked and expired links answer alike.
    private static IResult Gone(Directory home) =>
        View.Show<SignUpPage>(StatusCodes.Status403Forbidden, new SignUpModel(home, null, new FormState(), null) { Invited = true });
}

/// <summary>What the pages work with.</summary>
internal readonly record struct InvitationParts(InvitationStore Invitations, InvitedSignUp SignUp, SignUpEntry Door)
{
    /// <summary>The open invitation of a link with what is asked; null when there is none or nobody may come in.</summary>
    public async Task<OpenInvitation?> OpenAsync(Directory home, string? key, CancellationToken cancellation)
    {
        if (await Invitations.FindAsync(home, key, cancellation) is not { } invitation) return null;
        if (await Door.InvitedAsync(home, cancellation) is not { } asked) return null;
        return await Invitations.AddressAsync(invitation, cancellation) is { } email ? new OpenInvitation(invitation, asked, key!, email) : null;
    }
}

/// <param name="Email">The address, opened for whoever has the link: it was mailed there.</param>
internal sealed record OpenInvitation(Invitation Invitation, RegistrationForm Asked, string Key, string Email)
{
    public SignUpModel Model(FormState form) => new(Asked.Directory, Asked, form, null) { Invited = true, Key = Key, Email = Email };

    /// <summary>Neither the secret nor the address.</summary>
    public override string ToString() => Invitation.Id.ToString();
}
