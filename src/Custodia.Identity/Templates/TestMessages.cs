using Custodia.Identity.Rules;
using Custodia.Identity.SignIn;
using Custodia.Identity.Sms;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Templates;

/// <summary>Sends a template with sample values to the member of staff who asks for it, and to nobody else.</summary>
internal sealed class TestMessages(IdentityContext database, UserProfiles profiles, DirectoryMessages messages, TestLimits limits)
{
    public const string Origin = "identity.test";

    public async Task<TestOutcome> SendAsync(HttpContext http, Directory directory, ReadTemplate template, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var user = caller.Person is { } person ? await database.Users.SingleOrDefaultAsync(u => u.Id == person && u.Account == caller.Account, cancellation) : null;
        var field = template.Kind.IsSms ? UserField.Mobile : UserField.Email;
        if (user is null || !await IsVerifiedAsync(user, template.Kind, cancellation)) return new TestOutcome.NoAddress();
        var address = await profiles.OpenAsync(user, field, ProfileUse.AccountNotices, cancellation);
        if (address is null) return new TestOutcome.NoAddress();
        if (template.Kind.IsSms) address = Normalise.Mobile(address);
        if (await limits.TakeAsync(http, directory, template.Kind, address, cancellation) is { } refused) return refused;
        var rendered = RenderedMessage.Of(template, directory, MessageSamples.Of);
        await database.InTransactionAsync(
            async token =>
            {
                await messages.SendAsync(directory, MessageReceiver.Of(user, address), template.Kind, rendered, Origin, token);
                await database.SaveChangesAsync(token);
            },
            cancellation);
        return new TestOutcome.Sent(await profiles.MaskAsync(user, field, cancellation) ?? "");
    }

    private async Task<bool> IsVerifiedAsync(User user, MessageKind kind, CancellationToken cancellation) => kind.IsSms
        ? user.MobileIndex is not null && await database.VerifiedMobiles.AnyAsync(m => m.UserId == user.Id && m.MobileIndex == user.MobileIndex, cancellation)
        : user is { EmailVerified: true, Email: not null };
}

/// <summary>Tests count against the limits of the messages that they stand for.</summary>
internal sealed class TestLimits(SignInGuard guard, SignInRuleStore rules, SmsLimits sms)
{
    /// <returns>Null when the message may be sent.</returns>
    public async Task<TestOutcome?> TakeAsync(HttpContext http, Directory directory, MessageKind kind, string address, CancellationToken cancellation)
    {
        var client = http.Facts().ClientIp;
        if (guard.TakeMessage(directory, address, client) is { } wait) return new TestOutcome.Throttled(wait);
        if (!kind.IsSms) return null;
        var allowed = await rules.OfAsync(directory, cancellation);
        if (!SmsLimits.Reaches(allowed, address)) return new TestOutcome.NoAddress();
        return await sms.TakeAsync(directory, allowed, address, client, cancellation) ? null : new TestOutcome.Throttled(TimeSpan.FromHours(1));
    }
}

internal abstract record TestOutcome
{
    /// <param name="To">Mask of the address.</param>
    public sealed record Sent(string To) : TestOutcome;

    /// <summary>The caller has no verified address or number: an application, or somebody who has not verified it.</summary>
    public sealed record NoAddress : TestOutcome;

    public sealed record Throttled(TimeSpan Wait) : TestOutcome;
}
