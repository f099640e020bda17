using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.RecoveryCodes;
using Custodia.Identity.Sessions;
using Custodia.Identity.Totp;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.SignIn;

/// <summary>Checks what a person types as their second proof.</summary>
internal sealed class SecondProof(SignInProgress progress, PendingSignIns pendings, TotpFactors apps, RecoveryCodeSet recovery, OneTimeCodes codes)
{
    /// <summary>Redeems a code for a waiting sign-in. One try is taken first, whatever is typed.</summary>
    /// <returns>Where to go; null when the code was refused.</returns>
    public async Task<SignInStep?> TypedAsync(
        HttpContext http, Directory directory, WaitingPerson waiting, TypedCode typed, CancellationToken cancellation)
    {
        if (!await pendings.TakeTryAsync(waiting.Pending, cancellation)) return null;
        return await progress.FinishAsync(http, directory, waiting, typed.Kind, token => RedeemAsync(directory, waiting, typed, token), typed.Trust, cancellation);
    }

    private async Task<bool> RedeemAsync(Directory directory, WaitingPerson waiting, TypedCode typed, CancellationToken cancellation) => (waiting.Pending.Need, typed.Kind) switch
    {
        (PendingNeed.Factor, Authentication.Totp) => await apps.AcceptAsync(waiting.User, typed.Code, cancellation),
        (PendingNeed.Factor, Authentication.RecoveryCode) => await recovery.RedeemAsync(waiting.User, typed.Code, cancellation),
        (PendingNeed.MailedCode, Authentication.MailedCode) when waiting.Pending.CodeId is { } id =>
            await codes.RedeemAsync(directory, CodePurpose.SecondFactor, id, typed.Code, cancellation) is { } code && code.UserId == waiting.User.Id,
        _ => false,
    };
}

/// <param name="Kind">Name of <see cref="Authentication"/>.</param>
/// <param name="Trust">The person asked to be spared the second factor in this browser.</param>
internal readonly record struct TypedCode(string Kind, string Code, bool Trust);
