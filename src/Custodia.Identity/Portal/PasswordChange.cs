using Custodia.Console;
using Custodia.Identity.Logs;
using Custodia.Identity.Passwords;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Identity.Users;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Portal;

/// <summary>Checks a person once more by their password: what a session alone must not do.</summary>
internal sealed class PasswordRecheck(UserPasswords passwords, SignInGuard guard)
{
    /// <summary>False when it is not right or was tried too often; the form says which.</summary>
    public async Task<bool> PassesAsync(HttpContext http, LiveSession live, FormState form, string field, CancellationToken cancellation)
    {
        var client = http.Facts().ClientIp;
        var name = live.User.Id.ToString("N");
        if (guard.TakePassword(live.Directory, name, client) is { } wait)
        {
            SignInEndpoints.Explain(http, form, new SignInOutcome.Throttled(wait), "PasswordWrong");
            return false;
        }

        if (await passwords.VerifyAsync(live.User, PlainPassword.From(form.Exact(field)), cancellation) == PasswordVerdict.Wrong)
        {
            form.Fail(field, Texts.Of("PasswordWrong"));
            return false;
        }

        guard.Succeeded(live.Directory, name, client);
        return true;
    }
}

/// <summary>Changes or first sets a person's password; all their other sessions end.</summary>
internal sealed class PasswordChange(PasswordReplacement replacement, PasswordRecheck recheck, UserProfiles profiles, UserOperations operations)
{
    /// <summary>False when the form says what is wrong.</summary>
    public async Task<bool> TryAsync(HttpContext http, LiveSession live, FormState form, CancellationToken cancellation)
    {
        var profile = await profiles.OpenAsync(live.User, ProfileUse.SignIn, cancellation);
        var wanted = PlainPassword.From(form.Exact("new-password"));
        foreach (var rule in PasswordPolicy.Check(wanted, profile.UserName, profile.Email, profile.DisplayName)) form.Fail("new-password", Texts.Rule(rule));
        if (form.IsValid && live.User.Credentials is not null) await recheck.PassesAsync(http, live, form, "current-password", cancellation);
        if (!form.IsValid)
        {
            await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.PasswordChangeRefused, cancellation);
            return false;
        }

        await replacement.StoreAsync(live, wanted!, cancellation);
        await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.PasswordChanged, cancellation);
        return true;
    }

}

/// <summary>Stores a new password and ends the person's other sessions.</summary>
internal sealed class PasswordReplacement(IdentityContext database, UserPasswords passwords, SessionEnds ends)
{
    public async Task StoreAsync(LiveSession live, PlainPassword password, CancellationToken cancellation)
    {
        var user = await database.Users.SingleAsync(u => u.Id == live.User.Id, cancellation);
        await passwords.SetAsync(user, password, cancellation);
        await database.InTransactionAsync(
            async token =>
            {
                await database.SaveChangesAsync(token);
                await ends.EndAsync(database.Sessions.Where(s => s.UserId == user.Id && s.Id != live.Session.Id), token);
                // The new stamp ends every session and token; this session, in which the password was just shown, goes on.
                await database.Sessions.Where(s => s.Id == live.Session.Id)
                    .ExecuteUpdateAsync(s => s.SetProperty(x => x.SecurityStamp, user.SecurityStamp), token);
            },
            cancellation);
    }
}
