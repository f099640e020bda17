using Custodia.Identity.Directories;
using Custodia.Identity.Protocol;
using Custodia.Identity.Rules;
using Custodia.Identity.Statistics;
using Custodia.Identity.Users;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Browsers;

/// <summary>Remembers the browsers in which people sign in, and tells what is unusual about a sign-in.</summary>
internal sealed class KnownDevices(IdentityContext database, SignInRuleStore rules, CountryTable countries, NewDeviceMail mail, TimeProvider time)
{
    /// <summary>Browsers remembered for one person; the one not seen for longest makes room.</summary>
    public const int Most = 20;

    /// <summary>The browser of the request, if the person has signed in with it before. Not tracked.</summary>
    public async Task<KnownDevice?> FindAsync(HttpContext http, Directory directory, User user, CancellationToken cancellation)
    {
        if (DeviceCookie.SecretIn(http, directory.Name) is not { } secret) return null;
        var hash = DeviceCookie.HashFor(user.Id, secret);
        return await database.KnownDevices.AsNoTracking().FirstOrDefaultAsync(d => d.UserId == user.Id && d.SecretHash == hash, cancellation);
    }

    /// <summary>Whether a sign-in looks unusual by the directory's rules. Addresses without a country (private networks) say nothing.</summary>
    public async Task<bool> IsRiskAsync(HttpContext http, SignInRules rules, User user, KnownDevice? device, CancellationToken cancellation)
    {
        if (rules.RiskNewDevice && device is null) return true;
        if (!rules.RiskNewCountry || countries.Of(http.Facts().ClientIp) is not { } country) return false;
        return !await database.KnownDevices.AnyAsync(d => d.UserId == user.Id && d.Country == country, cancellation);
    }

    /// <summary>
    /// Notes the sign-in's browser, and mails the person about a new one where they have signed in elsewhere before. Part of the
    /// caller's transaction; the secret is for <see cref="DeviceCookie.Write"/> once that has committed.
    /// </summary>
    /// <param name="trust">The person asked to be spared the second factor here.</param>
    public async Task<string> SeenAsync(HttpContext http, Directory directory, User user, bool trust, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var set = await rules.OfAsync(directory, cancellation);
        var secret = DeviceCookie.SecretIn(http, directory.Name) ?? OpaqueToken.Create().Text;
        var hash = DeviceCookie.HashFor(user.Id, secret);
        var country = countries.Of(http.Facts().ClientIp);
        var until = trust && set.RememberDays > 0 ? now.AddDays(set.RememberDays) : (DateTimeOffset?)null;
        var known = await database.KnownDevices.Where(d => d.UserId == user.Id && d.SecretHash == hash)
            .ExecuteUpdateAsync(
                s => s.SetProperty(d => d.LastSeenAt, now)
                    .SetProperty(d => d.Country, d => country ?? d.Country)
                    .SetProperty(d => d.TrustedUntil, d => until ?? d.TrustedUntil),
                cancellation);
        if (known == 1) return secret;
        var others = await database.KnownDevices.Where(d => d.UserId == user.Id).OrderByDescending(d => d.LastSeenAt).Select(d => d.Id).ToListAsync(cancellation);
        var surplus = others.Skip(Most - 1).ToList();
        if (surplus.Count > 0) await database.KnownDevices.Where(d => surplus.Contains(d.Id)).ExecuteDeleteAsync(cancellation);
        database.KnownDevices.Add(new KnownDevice
        {
            Id = Guid.CreateVersion7(now),
            Account = user.Account,
            UserId = user.Id,
            SecretHash = hash,
            Country = country,
            TrustedUntil = until,
            CreatedAt = now,
            LastSeenAt = now,
        });
        if (others.Count > 0 && set.NewDeviceNotice) await mail.AddAsync(http, directory, user, country, cancellation);
        await database.SaveChangesAsync(cancellation);
        return secret;
    }

    /// <summary>The second factor is asked for again everywhere. Part of the caller's transaction.</summary>
    public Task DistrustAsync(Guid user, CancellationToken cancellation) =>
        database.KnownDevices.Where(d => d.UserId == user && d.TrustedUntil != null)
            .ExecuteUpdateAsync(s => s.SetProperty(d => d.TrustedUntil, (DateTimeOffset?)null), cancellation);
}
