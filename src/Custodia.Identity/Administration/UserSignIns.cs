using System.Net;
using Custodia.Identity.Browsers;
using Custodia.Identity.Factors;
using Custodia.Identity.Sessions;
using Custodia.Identity.Statistics;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Administration;

/// <summary>What staff see of how a user signs in: sealed values as masks, of the address the country.</summary>
internal sealed class UserSignIns(BrowserSessions sessions, SecondFactors factors, CountryTable countries, DataVault vault)
{
    public async Task<IReadOnlyList<SessionAnswer>> SessionsAsync(Guid user, CancellationToken cancellation)
    {
        List<SessionAnswer> answers = [];
        foreach (var session in await sessions.OpenOfAsync(user, cancellation))
        {
            var address = session.ClientIp is { } ip ? await vault.OpenAsync(session.At("client-ip"), ip, "session-security", cancellation) : null;
            answers.Add(new SessionAnswer(
                session.Id,
                session.CreatedAt,
                session.LastSeenAt,
                session.ExpiresAt,
                session.Acr,
                session.Amr.Split(' '),
                session.Device is { } device ? await vault.MaskAsync(session.At("device"), device, cancellation) : null,
                session.ClientIp is { } masked ? await vault.MaskAsync(session.At("client-ip"), masked, cancellation) : null,
                IPAddress.TryParse(address, out var parsed) ? countries.Of(parsed) : null));
        }

        return answers;
    }

    public async Task<SecondFactorsAnswer> FactorsAsync(Guid user, CancellationToken cancellation)
    {
        var has = await factors.OfAsync(user, cancellation);
        return new SecondFactorsAnswer(has.App, has.Passkeys, has.RecoveryCodes);
    }
}

/// <summary>Takes all second factors of a user away, for somebody who has lost them all.</summary>
internal sealed class FactorReset(IdentityContext database, SecondFactors factors, BrowserSessions sessions, KnownDevices devices, CredentialNotices notices)
{
    /// <summary>Removes them, ends all sessions and tokens, and tells the person. False when there is no such user.</summary>
    public Task<bool> ResetAsync(Directories.Directory directory, Guid id, CancellationToken cancellation) => database.InTransactionAsync(
        async token =>
        {
            if (await database.Users.SingleOrDefaultAsync(u => u.Id == id && u.DirectoryId == directory.Id, token) is not { } user) return false;
            await factors.RemoveAllAsync(id, token);
            await devices.DistrustAsync(id, token);
            user.SecurityStamp = SecurityStamp.New();
            await sessions.EndAllAsync(id, except: null, token);
            await notices.SendAsync(directory, user, "FactorsReset", token);
            await database.SaveChangesAsync(token);
            return true;
        },
        cancellation);
}

/// <summary>An open session of a user.</summary>
/// <param name="Acr">How strongly the person proved who they are; see the discovery document.</param>
/// <param name="Amr">How they proved it (RFC 8176).</param>
/// <param name="DeviceMasked">Browser and system, masked.</param>
/// <param name="ClientIpMasked">The address, masked.</param>
/// <param name="Country">ISO 3166-1 code of the address; null when unknown.</param>
internal sealed record SessionAnswer(
    Guid Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt,
    string Acr,
    IReadOnlyList<string> Amr,
    string? DeviceMasked,
    string? ClientIpMasked,
    string? Country);

/// <param name="App">An authenticator app is set up.</param>
/// <param name="RecoveryCodes">How many are left.</param>
internal sealed record SecondFactorsAnswer(bool App, int Passkeys, int RecoveryCodes);
