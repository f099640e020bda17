using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Passwords;
using Custodia.Identity.Sessions;
using Custodia.Identity.Users;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.SignIn;

/// <summary>Signs in with user name or address and password.</summary>
internal sealed class PasswordSignIn(UserLookup users, UserPasswords passwords, SignInGuard guard, SignInProgress progress, UserOperations operations)
{
    public async Task<SignInOutcome> AttemptAsync(HttpContext http, Directory directory, string typed, string password, string? back, CancellationToken cancellation)
    {
        var client = http.Facts().ClientIp;

        // 1. The attempt is counted before anything is looked up, for known and unknown names alike.
        if (guard.TakePassword(directory, typed, client) is { } wait)
        {
            await operations.RecordAsync(http, directory, null, OperationResult.SignInThrottled, cancellation);
            return new SignInOutcome.Throttled(wait);
        }

        // 2. A hash is verified in any case, so that the time tells nothing.
        var user = await users.FindTypedAsync(directory, typed, cancellation);
        var plain = PlainPassword.From(password);
        var verdict = await passwords.VerifyAsync(user, plain, cancellation);
        if (user is null || plain is null || verdict == PasswordVerdict.Wrong)
        {
            await operations.RecordAsync(http, directory, user?.Id, OperationResult.SignInRefused, cancellation);
            return new SignInOutcome.Refused();
        }

        // 3. Only who knows the password learns that the user is locked.
        guard.Succeeded(directory, typed, client);
        if (user.Status != UserStatus.Normal)
        {
            await operations.RecordAsync(http, directory, user.Id, OperationResult.SignInRefused, cancellation);
            return new SignInOutcome.Locked();
        }

        // 4. Hashes of an older cost are renewed while the password is at hand.
        if (verdict == PasswordVerdict.RightButOld) await passwords.RenewAsync(user, plain, cancellation);
        return new SignInOutcome.Proved(await progress.ProvedAsync(http, directory, user, Authentication.Password, back, cancellation));
    }
}

internal abstract record SignInOutcome
{
    /// <summary>The proof was right; the browser goes on as the step says.</summary>
    public sealed record Proved(SignInStep Step) : SignInOutcome;

    /// <summary>Unknown person or wrong proof: the same answer.</summary>
    public sealed record Refused : SignInOutcome;

    /// <summary>The proof was right, but staff have locked the user.</summary>
    public sealed record Locked : SignInOutcome;

    public sealed record Throttled(TimeSpan RetryAfter) : SignInOutcome;
}
