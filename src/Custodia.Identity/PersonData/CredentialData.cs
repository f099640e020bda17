using System.Globalization;
using System.Runtime.CompilerServices;
using Custodia.Identity.Browsers;
using Custodia.Identity.Factors;
using Custodia.Identity.Passkeys;
using Custodia.Identity.SignIn;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.PersonData;

/// <summary>A person's second factors, known browsers and sign-ins that wait.</summary>
internal sealed class CredentialData(IdentityContext database, PasskeyStore passkeys) : IPersonData
{
    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Secrets and hashes would only help somebody who wants to sign in as the person.
        await foreach (var app in database.TotpFactors.AsNoTracking().Where(f => f.UserId == subject.Person && f.Account == subject.Account).AsAsyncEnumerable().WithCancellation(cancellation))
            yield return Item(app.Id, ("kind", "authenticator app"), ("created-at", Iso(app.CreatedAt)), ("confirmed-at", Iso(app.ConfirmedAt)), ("last-used-at", Iso(app.LastUsedAt)));
        await foreach (var code in database.RecoveryCodes.AsNoTracking().Where(c => c.UserId == subject.Person && c.Account == subject.Account).AsAsyncEnumerable().WithCancellation(cancellation))
            yield return Item(code.Id, ("kind", "recovery code"), ("created-at", Iso(code.CreatedAt)), ("used-at", Iso(code.UsedAt)));
        await foreach (var mobile in database.VerifiedMobiles.AsNoTracking().Where(m => m.UserId == subject.Person && m.Account == subject.Account).AsAsyncEnumerable().WithCancellation(cancellation))
            yield return Item(mobile.UserId, ("kind", "verified mobile"), ("created-at", Iso(mobile.CreatedAt)));
        foreach (var passkey in await passkeys.OfAsync(subject.Person, cancellation))
        {
            yield return Item(
                passkey.Id,
                ("kind", "passkey"),
                ("name", await passkeys.NameAsync(passkey, cancellation)),
                ("credential-id", Convert.ToHexStringLower(passkey.CredentialId)),
                ("transports", passkey.Transports),
                ("sign-count", passkey.SignCount.ToString(CultureInfo.InvariantCulture)),
                ("backup-eligible", passkey.BackupEligible ? "true" : "false"),
                ("backed-up", passkey.BackedUp ? "true" : "false"),
                ("created-at", Iso(passkey.CreatedAt)),
                ("last-used-at", Iso(passkey.LastUsedAt)));
        }

        await foreach (var device in database.KnownDevices.AsNoTracking().Where(d => d.UserId == subject.Person && d.Account == subject.Account).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return new ExportedItem(
                KnownDevice.Category,
                device.Id.ToString("N"),
                [new("country", device.Country), new("created-at", Iso(device.CreatedAt)), new("last-seen-at", Iso(device.LastSeenAt)), new("trusted-until", Iso(device.TrustedUntil))]);
        }

        await foreach (var pending in database.PendingSignIns.AsNoTracking().Where(p => p.UserId == subject.Person && p.Account == subject.Account).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return new ExportedItem(
                PendingSignIn.Category,
                Convert.ToHexStringLower(pending.SecretHash),
                [new("methods", pending.Methods), new("created-at", Iso(pending.CreatedAt)), new("used-at", Iso(pending.UsedAt))]);
        }
    }

    public async Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var (person, account) = (subject.Person, subject.Account);
        var credentials =
            await database.TotpFactors.Where(f => f.UserId == person && f.Account == account).ExecuteDeleteAsync(cancellation)
            + await database.RecoveryCodes.Where(c => c.UserId == person && c.Account == account).ExecuteDeleteAsync(cancellation)
            + await database.VerifiedMobiles.Where(m => m.UserId == person && m.Account == account).ExecuteDeleteAsync(cancellation)
            + await database.Passkeys.Where(p => p.UserId == person && p.Account == account).ExecuteDeleteAsync(cancellation);
        var devices = await database.KnownDevices.Where(d => d.UserId == person && d.Account == account).ExecuteDeleteAsync(cancellation);
        var waiting =
            await database.PendingSignIns.Where(p => p.UserId == person && p.Account == account).ExecuteDeleteAsync(cancellation)
            + await database.PasskeyChallenges.Where(c => c.UserId == person && c.Account == account).ExecuteDeleteAsync(cancellation);
        return
        [
            new ErasedCategory(Credential.Category, credentials, credentials, 0, null),
            new ErasedCategory(KnownDevice.Category, devices, devices, 0, null),
            new ErasedCategory(PendingSignIn.Category, waiting, waiting, 0, null),
        ];
    }

    private static ExportedItem Item(Guid id, params (string Name, string? Value)[] values) =>
        new(Credential.Category, id.ToString("N"), [.. values.Select(v => new KeyValuePair<string, string?>(v.Name, v.Value))]);

    private static string? Iso(DateTimeOffset? moment) => moment?.ToString("O", CultureInfo.InvariantCulture);
}
