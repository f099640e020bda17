using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Rules;
using Custodia.Identity.Sessions;
using Custodia.Identity.Users;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.SignIn;

/// <summary>Mails a code to an address, if it is somebody's. The answer and its time are the same if it is nobody's.</summary>
internal sealed class CodeRequest(IdentityContext database, UserLookup users, OneTimeCodes codes, CodeMail mail, UserOperations operations)
{
    /// <param name="rules">Whether a link goes with the code.</param>
    /// <param name="back">Where the person wants to go.</param>
    /// <returns>The id under which the digits are redeemed; for an unknown address one that no digits were sent for.</returns>
    public async Task<Guid> SendAsync(HttpContext http, Directory directory, SignInRules rules, string email, string? back, CancellationToken cancellation)
    {
        var user = await users.FindAsync(directory, UserField.Email, email, cancellation);
        var known = user is { Status: UserStatus.Normal };
        var id = await database.InTransactionAsync(
            async token =>
            {
                var (code, digits) = await codes.AddAsync(directory, CodePurpose.SignIn, known ? user!.Id : Guid.Empty, null, token);
                var link = rules.Allows(SignInWay.MagicLink) ? OneTimeCodes.AddLink(code) : null;
                if (known) await mail.SendAsync(directory, user!, email, new MailedCode(digits, link, back), token);
                await database.SaveChangesAsync(token);
                return code.Id;
            },
            cancellation);
        await operations.RecordAsync(http, directory, user?.Id, OperationResult.CodeSent, cancellation);
        return id;
    }
}

/// <summary>Signs in with the digits of a mailed code, or with the link beside them: one of the two, once.</summary>
internal sealed class CodeSignIn(IdentityContext database, OneTimeCodes codes, SignInGuard guard, SignInProgress progress, UserOperations operations)
{
    public Task<SignInOutcome> RedeemAsync(HttpContext http, Directory directory, Guid id, string digits, string? back, CancellationToken cancellation) =>
        RedeemAsync(http, directory, Authentication.MailedCode, () => codes.RedeemAsync(directory, CodePurpose.SignIn, id, digits, cancellation), back, cancellation);

    public Task<SignInOutcome> RedeemLinkAsync(HttpContext http, Directory directory, string link, string? back, CancellationToken cancellation) =>
        RedeemAsync(http, directory, Authentication.MagicLink, () => codes.RedeemLinkAsync(directory, link, cancellation), back, cancellation);

    private async Task<SignInOutcome> RedeemAsync(
        HttpContext http, Directory directory, string method, Func<Task<OneTimeCode?>> redeem, string? back, CancellationToken cancellation)
    {
        var client = http.Facts().ClientIp;
        if (guard.TakeAddress(client) is { } wait)
        {
            await operations.RecordAsync(http, directory, null, OperationResult.SignInThrottled, cancellation);
            return new SignInOutcome.Throttled(wait);
        }

        var code = await redeem();
        var user = code is null ? null : await database.Users.SingleOrDefaultAsync(u => u.Id == code.UserId && u.DirectoryId == directory.Id, cancellation);
        if (user is null)
        {
            await operations.RecordAsync(http, directory, null, OperationResult.CodeRefused, cancellation);
            return new SignInOutcome.Refused();
        }

        if (user.Status != UserStatus.Normal)
        {
            await operations.RecordAsync(http, directory, user.Id, OperationResult.SignInRefused, cancellation);
            return new SignInOutcome.Locked();
        }

        guard.SucceededFrom(client);
        // Whoever reads the mail has the address.
        user.EmailVerified = true;
        return new SignInOutcome.Proved(await progress.ProvedAsync(http, directory, user, method, back, cancellation));
    }
}
