using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.Passwords;
using Custodia.Identity.Users;
using Custodia.Kernel.Hosting;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Administration;

/// <summary>Creates users for staff, with an invitation in the same transaction when wanted.</summary>
internal sealed class UserCreation(UserRegistration registration, UserPasswords passwords, IdentityMails mails, IOptions<CustodiaOptions> options, TimeProvider time)
{
    /// <summary>Everything that is wrong with the request.</summary>
    public Findings Check(NewUserRequest request)
    {
        var findings = new Findings();
        var profile = request.ToProfile();
        foreach (var finding in ProfileRules.Check(profile, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime))) findings.Add(finding);
        if (profile.UserName is null && profile.Email is null) findings.Add("email", "email-or-user-name");
        if (request.Invite && profile.Email is null) findings.Add("invite", "needs-email");
        if (request.Password is null) return findings;
        foreach (var rule in PasswordPolicy.Check(PlainPassword.From(request.Password), profile.UserName, profile.Email, profile.DisplayName)) findings.Add("password", rule);
        return findings;
    }

    public Task<RegistrationOutcome> CreateAsync(Directory directory, NewUserRequest request, CancellationToken cancellation)
    {
        var wanted = new NewUser(directory, request.ToProfile(), request.EmailVerified, ByThemselves: false)
        {
            Credentials = request.Password is { } password ? (user, token) => passwords.SetAsync(user, PlainPassword.From(password)!, token) : null,
        };
        return registration.CreateAsync(
            wanted,
            request.Invite ? (user, token) => mails.InvitationAsync(directory, user, wanted.Profile.Email!, $"{options.Value.PublicUrl}/d/{directory.Name}/sign-in/code", token) : null,
            cancellation);
    }
}
