using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Passkeys;
using Custodia.Identity.Users;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.SignIn;

/// <summary>Signs in with a passkey alone; the passkey says who it is.</summary>
internal sealed class PasskeySignIn(PasskeyCeremonies passkeys, SignInGuard guard, SignInProgress progress, UserOperations operations)
{
    public async Task<SignInOutcome> AttemptAsync(HttpContext http, Directory directory, PasskeyAnswer answer, string? back, CancellationToken cancellation)
    {
        var client = http.Facts().ClientIp;
        if (guard.TakeAddress(client) is { } wait)
        {
            await operations.RecordAsync(http, directory, null, OperationResult.SignInThrottled, cancellation);
            return new SignInOutcome.Throttled(wait);
        }

        if (await passkeys.UsedAsync(http, directory, user: null, answer, cancellation) is not { } proof)
        {
            await operations.RecordAsync(http, directory, null, OperationResult.SignInRefused, cancellation);
            return new SignInOutcome.Refused();
        }

        guard.SucceededFrom(client);
        if (proof.User.Status != UserStatus.Normal)
        {
            await operations.RecordAsync(http, directory, proof.User.Id, OperationResult.SignInRefused, cancellation);
            return new SignInOutcome.Locked();
        }

        return new SignInOutcome.Proved(await progress.ProvedAsync(http, directory, proof.User, proof.Method, back, cancellation));
    }
}
