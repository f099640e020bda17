using System.Globalization;
using System.Runtime.CompilerServices;
using Custodia.Identity.Codes;
using Custodia.Identity.Sessions;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.PersonData;

/// <summary>A person's sessions and one-time codes.</summary>
internal sealed class SessionData(IdentityContext database, DataVault vault) : IPersonData
{
    private const string Use = "subject-rights";

    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var session in database.Sessions.AsNoTracking().Where(s => s.UserId == subject.Person && s.Account == subject.Account).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return new ExportedItem(
                Session.Category,
                session.Id.ToString("N"),
                [
                    new("created-at", Iso(session.CreatedAt)),
                    new("last-seen-at", Iso(session.LastSeenAt)),
                    new("auth-time", Iso(session.AuthTime)),
                    new("amr", session.Amr),
                    new("acr", session.Acr),
                    new("expires-at", Iso(session.ExpiresAt)),
                    new("ended-at", session.EndedAt is { } ended ? Iso(ended) : null),
                    new("device", session.Device is { } device ? await vault.OpenAsync(session.At("device"), device, Use, cancellation) : null),
                    new("client-ip", session.ClientIp is { } ip ? await vault.OpenAsync(session.At("client-ip"), ip, Use, cancellation) : null),
                ]);
        }

        await foreach (var code in database.OneTimeCodes.AsNoTracking().Where(c => c.UserId == subject.Person && c.Account == subject.Account).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return new ExportedItem(
                OneTimeCode.Category,
                code.Id.ToString("N"),
                [
                    new("purpose", code.Purpose.ToString()),
                    new("created-at", Iso(code.CreatedAt)),
                    new("used-at", code.UsedAt is { } used ? Iso(used) : null),
                    new("target", code.Target is { } target ? await vault.OpenAsync(code.At("target"), target, Use, cancellation) : null),
                ]);
        }
    }

    public async Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var sessions = await database.Sessions.Where(s => s.UserId == subject.Person && s.Account == subject.Account).ExecuteDeleteAsync(cancellation);
        var codes = await database.OneTimeCodes.Where(c => c.UserId == subject.Person && c.Account == subject.Account).ExecuteDeleteAsync(cancellation);
        return [new ErasedCategory(Session.Category, sessions, sessions, 0, null), new ErasedCategory(OneTimeCode.Category, codes, codes, 0, null)];
    }

    private static string Iso(DateTimeOffset moment) => moment.ToString("O", CultureInfo.InvariantCulture);
}
