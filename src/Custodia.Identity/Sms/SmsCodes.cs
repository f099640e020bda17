using System.Globalization;
using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Identity.Templates;
using Custodia.Identity.Users;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sms;

/// <summary>Sends six digits to a mobile. Part of the caller's transaction.</summary>
internal sealed class CodeSms(DirectoryMessages messages)
{
    private static readonly string Minutes = OneTimeCodes.Lifetime.TotalMinutes.ToString(CultureInfo.InvariantCulture);

    /// <summary>To sign in.</summary>
    public Task SignInAsync(Directory directory, User user, string number, string digits, CancellationToken cancellation) =>
        SendAsync(directory, MessageReceiver.Of(user, number), MessageCatalogue.SmsSignInCode, digits, cancellation);

    /// <summary>To show that the number is theirs.</summary>
    public Task VerifyAsync(Directory directory, User user, string number, string digits, CancellationToken cancellation) =>
        SendAsync(directory, MessageReceiver.Of(user, number), MessageCatalogue.SmsMobileCode, digits, cancellation);

    private Task SendAsync(Directory directory, MessageReceiver receiver, MessageKind kind, string digits, CancellationToken cancellation) =>
        messages.SendAsync(directory, receiver, kind, cancellation, (Placeholders.Code, digits), (Placeholders.Minutes, Minutes));
}

/// <summary>Sends a code to a verified mobile. The answer and its time are the same for a number that is nobody's.</summary>
internal sealed class SmsRequest(IdentityContext database, VerifiedMobiles mobiles, OneTimeCodes codes, CodeSms sms, UserOperations operations)
{
    /// <returns>The id under which the digits are redeemed.</returns>
    public async Task<Guid> SendAsync(HttpContext http, Directory directory, string number, CancellationToken cancellation)
    {
        var user = await mobiles.FindAsync(directory, number, cancellation);
        var known = user is { Status: UserStatus.Normal };
        var id = await database.InTransactionAsync(
            async token =>
            {
                var (code, digits) = await codes.AddAsync(directory, CodePurpose.SignInBySms, known ? user!.Id : Guid.Empty, null, token);
                if (known) await sms.SignInAsync(directory, user!, number, digits, token);
                await database.SaveChangesAsync(token);
                return code.Id;
            },
            cancellation);
        await operations.RecordAsync(http, directory, user?.Id, OperationResult.CodeSent, cancellation);
        return id;
    }
}

/// <summary>Signs in with the digits of an SMS.</summary>
internal sealed class SmsSignIn(IdentityContext database, OneTimeCodes codes, SignInGuard guard, SignInProgress progress, UserOperations operations)
{
    public async Task<SignInOutcome> RedeemAsync(HttpContext http, Directory directory, Guid id, string digits, string? back, CancellationToken cancellation)
    {
        var client = http.Facts().ClientIp;
        if (guard.TakeAddress(client) is { } wait)
        {
            await operations.RecordAsync(http, directory, null, OperationResult.SignInThrottled, cancellation);
            return new SignInOutcome.Throttled(wait);
        }

        var code = await codes.RedeemAsync(directory, CodePurpose.SignInBySms, id, digits, cancellation);
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
        return new SignInOutcome.Proved(await progress.ProvedAsync(http, directory, user, Authentication.SmsCode, back, cancellation));
    }
}
