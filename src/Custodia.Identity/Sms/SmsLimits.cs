using System.Net;
using Custodia.Identity.Directories;
using Custodia.Identity.Rules;
using Custodia.Identity.Statistics;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Sms;

/// <summary>
/// What a directory pays for SMS at most: per number, address and country a day. Counted for known and unknown numbers alike, in the
/// database, so that a restart or a second server forgets nothing.
/// </summary>
internal sealed class SmsLimits(IdentityContext database, DataVault vault, TimeProvider time)
{
    /// <summary>Whether a directory sends to a number at all: in international form and to a country that it allows.</summary>
    public static bool Reaches(SignInRules rules, string number) =>
        CallingCodes.Of(number) is { } country
        && (rules.SmsCountries.Length == 0 || rules.SmsCountries.Split(' ').Contains(country, StringComparer.Ordinal));

    /// <summary>Takes one message. False when a limit is reached; then nothing is counted.</summary>
    public Task<bool> TakeAsync(Directory directory, SignInRules rules, string number, IPAddress client, CancellationToken cancellation) =>
        TakeAsync(
            directory,
            [($"number/{number}", rules.SmsPerNumber), ($"address/{client}", rules.SmsPerAddress), ($"country/{CallingCodes.Of(number)}", rules.SmsPerCountry)],
            cancellation);

    private async Task<bool> TakeAsync(Directory directory, (string Key, int Limit)[] limits, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var day = Increments.Day(now);
        try
        {
            await database.InTransactionAsync(
                async token =>
                {
                    foreach (var (key, limit) in limits)
                    {
                        var hash = await vault.IndexAsync(directory.Account, SmsCount.Category, "counted-hash", $"{directory.Id:N}/{key}", token);
                        if (!await TakeAsync(hash, day, limit, now, token)) throw new LimitReached();
                    }
                },
                cancellation);
            return true;
        }
        catch (LimitReached)
        {
            return false;
        }
    }

    // Written in the SQL that SQLite and PostgreSQL share; a full row is not updated, so parallel requests cannot pass the limit.
    private async Task<bool> TakeAsync(byte[] hash, int day, int limit, DateTimeOffset now, CancellationToken cancellation)
    {
        var created = now.ToUnixTimeMilliseconds();
        return await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO identity_sms_counts (counted_hash, day, count, created_at) VALUES ({hash}, {day}, 1, {created})
            ON CONFLICT (counted_hash, day) DO UPDATE SET count = identity_sms_counts.count + 1 WHERE identity_sms_counts.count < {limit}
            """,
            cancellation) == 1;
    }

    /// <summary>Undoes what the transaction has counted so far.</summary>
    private sealed class LimitReached : Exception;
}
