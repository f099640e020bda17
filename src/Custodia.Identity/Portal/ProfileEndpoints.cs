using Custodia.Console;
using Custodia.Identity.Logs;
using Custodia.Identity.Registration;
using Custodia.Identity.SignIn;
using Custodia.Identity.Sms;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Portal;

/// <summary>A person's own profile.</summary>
internal static class ProfileEndpoints
{
    private static readonly UserField[] Editable =
        [UserField.UserName, UserField.DisplayName, UserField.Mobile, UserField.BirthDate, UserField.Gender, UserField.Locale];

    /// <summary>What a person is known and reached by: a session alone is not enough to change it.</summary>
    private static readonly UserField[] Identifying = [UserField.UserName, UserField.Mobile];

    public static void MapProfile(this RouteGroupBuilder portal)
    {
        portal.MapGet("", ShowAsync);
        portal.MapGet("/edit", EditAsync);
        portal.MapPost("/edit", SaveAsync);
        portal.MapGet("/email", ShowEmail);
        portal.MapPost("/email", SendEmailCodeAsync);
        portal.MapPost("/email/code", ChangeEmailAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, UserProfiles profiles, VerifiedMobiles mobiles, DeletionRequests requests, AttributeRules attributes, CancellationToken cancellation)
    {
        var live = http.Live();
        var mobileVerified = await mobiles.IsVerifiedAsync(live.User, cancellation);
        var profile = await profiles.OpenAsync(live.User, ProfileUse.SubjectRights, cancellation);
        var deletion = await requests.OfAsync(new Subject(live.User.Account, live.User.Id), cancellation);
        return View.Show<ProfilePage>(new ProfileModel(live.Directory, live.User, profile, deletion)
        {
            Attributes = await attributes.OfAsync(live.Directory.Id, cancellation),
            MobileVerified = mobileVerified,
        });
    }

    private static async Task<IResult> EditAsync(HttpContext http, OwnAttributes attributes, UserProfiles profiles, CancellationToken cancellation)
    {
        var live = http.Live();
        var profile = await profiles.OpenAsync(live.User, ProfileUse.SubjectRights, cancellation);
        var own = await attributes.EditableAsync(live.Directory.Id, cancellation);
        var form = new FormState(Editable.Select(f => KeyValuePair.Create(f.Name, f.Of(profile))).Concat(OwnAttributes.Fill(own, profile.CustomAttributes)));
        return View.Show<ProfileEditPage>(new ProfileEditModel(live.Directory, Editable, form) { Attributes = own });
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http, [FromForm] IFormCollection posted, UserProfiles profiles, ProfileChanges changes, OwnAttributes attributes, UserOperations operations, TimeProvider time, CancellationToken cancellation)
    {
        var live = http.Live();
        var form = new FormState(posted);
        var own = await attributes.EditableAsync(live.Directory.Id, cancellation);
        var entered = AttributeForm.Read(form, own);
        var profile = new Profile
        {
            UserName = form["user-name"],
            DisplayName = form["display-name"],
            Mobile = form["mobile"],
            BirthDate = form["birth-date"],
            Gender = form["gender"],
            Locale = form["locale"],
        };
        foreach (var finding in ProfileRules.Check(profile, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime))) form.Fail(finding.Field, Texts.Rule(finding.Rule));
        foreach (var field in Editable.Where(f => live.Directory.Demands(f.Name) && f.Of(profile) is not { Length: > 0 })) form.Fail(field.Name, Texts.Rule("required"));
        if (live.User.Email is null && profile.UserName is not { Length: > 0 }) form.Fail("user-name", Texts.Rule("required"));
        var before = await profiles.OpenAsync(live.User, ProfileUse.SubjectRights, cancellation);
        if (form.IsValid && Identifying.Any(f => (f.Of(before) ?? "") != (f.Of(profile) ?? "")) && http.SignInAgain(time, "edit") is { } again) return again;
        if (form.IsValid)
        {
            var values = Editable.ToDictionary(f => f, f => f.Of(profile));
            if (own.Count > 0) values[UserField.CustomAttributes] = await attributes.MergeAsync(live.User, own, entered, cancellation);
            var outcome = await changes.ApplyAsync(live.Directory, live.User.Id, values, null, cancellation);
            if (outcome is ProfileChangeOutcome.Taken taken) form.Fail(taken.Field.Name, Texts.Rule("taken"));
        }

        if (!form.IsValid) return View.Invalid<ProfileEditPage>(new ProfileEditModel(live.Directory, Editable, form) { Attributes = own });
        await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.ProfileChanged, cancellation);
        return new SeeOther($"/account/{live.Directory.Name}?note=saved");
    }

    private static IResult ShowEmail(HttpContext http, TimeProvider time) =>
        http.SignInAgain(time, "email") ?? View.Show<EmailPage>(new PortalForm(http.Live().Directory, new FormState()));

    private static async Task<IResult> SendEmailCodeAsync(
        HttpContext http, [FromForm] IFormCollection posted, EmailChange change, SignInGuard guard, TimeProvider time, CancellationToken cancellation)
    {
        if (http.SignInAgain(time, "email") is { } again) return again;
        var live = http.Live();
        var form = new FormState(posted);
        if (!ProfileRules.IsEmail(form["email"])) form.Fail("email", Texts.Rule("email-shape"));
        else if (guard.TakeMessage(live.Directory, form["email"], http.Facts().ClientIp) is { } wait)
            SignInEndpoints.Explain(http, form, new SignInOutcome.Throttled(wait), "CodeRefused");
        if (!form.IsValid) return View.Show<EmailPage>(SignInEndpoints.StatusOf(form, http), new PortalForm(live.Directory, form));
        var id = await change.SendAsync(live, form["email"], cancellation);
        return View.Show<CodePage>(new CodeForm($"/account/{live.Directory.Name}/email/code", id, new FormState(), null));
    }

    private static Task<IResult> ChangeEmailAsync(
        HttpContext http, [FromForm] IFormCollection posted, EmailChange change, UserOperations operations, SignInGuard guard, CancellationToken cancellation) =>
        new ContactConfirmation("email/code", "?note=email-changed", OperationResult.EmailChanged, change.RedeemAsync).RunAsync(http, posted, guard, operations, cancellation);
}
