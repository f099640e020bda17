using System.Globalization;
using System.Security.Cryptography;
using Custodia.Identity.Directories;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Codes;

/// <summary>Makes and redeems six-digit codes.</summary>
internal sealed class OneTimeCodes(IdentityContext database, DataVault vault, TimeProvider time)
{
    public const int Tries = 5;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Adds a code to the context, and ends the person's earlier ones for the same purpose. The digits are for the message and for
    /// nothing else. Part of the caller's transaction.
    /// </summary>
    /// <param name="target">What the code proves besides the person, e.g. a new address; kept sealed.</param>
    public async Task<(OneTimeCode Code, string Digits)> AddAsync(Directory directory, CodePurpose purpose, Guid user, string? target, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var digits = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        var id = Guid.CreateVersion7(now);
        var code = new OneTimeCode
        {
            Id = id,
            Account = directory.Account,
            DirectoryId = directory.Id,
            Purpose = purpose,
            UserId = user,
            CodeHash = await HashAsync(directory.Account, id, digits, cancellation),
            TriesLeft = Tries,
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };
        // A new code ends those before it, so that there is one to guess at a time. Of nobody there are none: the statement is the same.
        var owner = user == Guid.Empty ? id : user;
        await database.HoldAsync($"code/{directory.Id:N}/{owner:N}/{purpose}", cancellation);
        await database.OneTimeCodes
            .Where(c => c.UserId == owner && c.DirectoryId == directory.Id && c.Purpose == purpose && c.UsedAt == null)
            .ExecuteUpdateAsync(c => c.SetProperty(x => x.UsedAt, now), cancellation);
        if (target is not null) code.Target = await vault.SealAsync(code.At("target"), target, cancellation);
        database.OneTimeCodes.Add(code);
        return (code, digits);
    }

    /// <summary>
    /// Redeems a code once. A try is taken before the digits are looked at, so that parallel guesses do not get more than five;
    /// one conditional UPDATE then decides who redeems. Wrong, used, expired and unknown codes answer alike.
    /// Part of the caller's transaction where there is one: what the code allows commits with its use.
    /// </summary>
    /// <returns>The redeemed code; null when it is not one.</returns>
    public async Task<OneTimeCode?> RedeemAsync(Directory directory, CodePurpose purpose, Guid id, string digits, CancellationToken cancellation)
    {
        var typed = Digits(digits);
        var hash = await HashAsync(directory.Account, id, typed ?? "", cancellation);
        var now = time.GetUtcNow();
        return await database.InTransactionAsync(
            async token =>
            {
                var open = database.OneTimeCodes.Where(c =>
                    c.Id == id && c.DirectoryId == directory.Id && c.Purpose == purpose && c.UsedAt == null && c.ExpiresAt > now);
                var mayTry = await open.Where(c => c.TriesLeft > 0).ExecuteUpdateAsync(c => c.SetProperty(x => x.TriesLeft, x => x.TriesLeft - 1), token);
                if (mayTry == 0 || typed is null) return null;
                var redeemed = await open.Where(c => c.CodeHash == hash).ExecuteUpdateAsync(c => c.SetProperty(x => x.UsedAt, now), token);
                return redeemed == 0 ? null : await database.OneTimeCodes.AsNoTracking().SingleAsync(c => c.Id == id, token);
            },
            cancellation);
    }

    /// <summary>Gives a new code a link that serves in place of the digits.</summary>
    /// <returns>The secret of the link, for the message and for nothing else.</returns>
    public static string AddLink(OneTimeCode code)
    {
        var (secret, hash) = Protocol.OpaqueToken.Create();
        code.LinkHash = hash;
        return secret;
    }

    /// <summary>Redeems a sign-in code by its link, once; digits and link are one code. Wrong, used and expired links answer alike.</summary>
    /// <returns>The redeemed code; null when it is not one.</returns>
    public async Task<OneTimeCode?> RedeemLinkAsync(Directory directory, string link, CancellationToken cancellation)
    {
        if (!Protocol.OpaqueToken.Looks(link)) return null;
        var hash = Protocol.OpaqueToken.Hash(link);
        var now = time.GetUtcNow();
        return await database.InTransactionAsync(
            async token =>
            {
                var redeemed = await database.OneTimeCodes
                    .Where(c => c.LinkHash == hash && c.DirectoryId == directory.Id && c.Purpose == CodePurpose.SignIn && c.UsedAt == null && c.ExpiresAt > now)
                    .ExecuteUpdateAsync(c => c.SetProperty(x => x.UsedAt, now), token);
                return redeemed == 0 ? null : await database.OneTimeCodes.AsNoTracking().SingleAsync(c => c.LinkHash == hash, token);
            },
            cancellation);
    }

    /// <summary>Takes a redemption back in the same transaction, because the person has to enter something again.</summary>
    public Task ReopenAsync(OneTimeCode code, CancellationToken cancellation) =>
        database.OneTimeCodes.Where(c => c.Id == code.Id)
            .ExecuteUpdateAsync(c => c.SetProperty(x => x.UsedAt, (DateTimeOffset?)null), cancellation);

    /// <summary>What the code was made to prove.</summary>
    public ValueTask<string?> TargetAsync(OneTimeCode code, CancellationToken cancellation) =>
        code.Target is { } target ? vault.OpenAsync(code.At("target"), target, "verification", cancellation) : ValueTask.FromResult<string?>(null);

    // Blanks between the digits are how people copy them.
    private static string? Digits(string typed)
    {
        var digits = typed.Length > 20 ? "" : typed.Replace(" ", "", StringComparison.Ordinal);
        return digits.Length == 6 && digits.All(char.IsAsciiDigit) ? digits : null;
    }

    private ValueTask<byte[]> HashAsync(long account, Guid id, string digits, CancellationToken cancellation) =>
        vault.IndexAsync(account, OneTimeCode.Category, "code-hash", $"{id:N}/{digits}", cancellation);
}
