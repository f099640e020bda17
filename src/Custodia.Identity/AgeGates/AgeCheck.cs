using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Custodia.Identity.Directories;
using Custodia.Identity.Logs;
using Custodia.Identity.Statistics;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Streams;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.AgeGates;

/// <summary>
/// Decides whether somebody is old enough to join. Of who is not, nothing is kept: no address, no date, no client address; the
/// browser keeps a mark for a day, so that going back and changing the date does not help at once.
/// </summary>
internal sealed class AgeCheck(CountryTable countries, LogStreams streams, TimeProvider time)
{
    private static readonly TimeSpan Mark = TimeSpan.FromDays(1);
    private static readonly Counter<long> Refused = Telemetry.Meter.CreateCounter<long>("custodia.age.refusals", "{sign-up}", "Sign-ups refused by an age gate.");

    /// <summary>Whether this browser was refused within the last day.</summary>
    public static bool WasRefused(HttpContext http, Directory directory) => http.Request.Cookies.ContainsKey(CookieOf(directory));

    /// <summary>Whether the person is too young; null dates and dates in the future say nothing.</summary>
    /// <param name="birthDate">ISO 8601 date.</param>
    /// <param name="stated">The country that the person named; looked at only where the gate asks for it.</param>
    public bool IsTooYoung(AgeGate gate, string? birthDate, string? stated, IPAddress client)
    {
        if (!DateOnly.TryParseExact(birthDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born)) return false;
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var country = gate.CountrySource == CountrySource.Stated ? stated : countries.Of(client);
        return born <= today && YearsBetween(born, today) < gate.For(string.IsNullOrEmpty(country) ? null : country);
    }

    /// <summary>Marks the browser and notes that somebody was refused, without whom or where from.</summary>
    public async Task RefuseAsync(HttpContext http, Directory directory, CancellationToken cancellation)
    {
        Refused.Add(1);
        await streams.AppendAsync(
            new UserOperation
            {
                Account = directory.Account,
                Person = null,
                OperationTime = time.GetUtcNow(),
                Result = OperationResult.AgeRefused,
                ClientIp = "-",
            },
            cancellation);
        http.Response.Cookies.Append(CookieOf(directory), "1", new CookieOptions
        {
            HttpOnly = true,
            Secure = http.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            Path = $"/d/{directory.Name}",
            Expires = time.GetUtcNow() + Mark,
            IsEssential = true,
        });
    }

    // Born on 29 February: a year older on 1 March of common years.
    public static int YearsBetween(DateOnly born, DateOnly today)
    {
        var years = today.Year - born.Year;
        return (today.Month, today.Day).CompareTo((born.Month, born.Day)) < 0 ? years - 1 : years;
    }

    private static string CookieOf(Directory directory) => $"sign-up-later-{directory.Name}";
}
