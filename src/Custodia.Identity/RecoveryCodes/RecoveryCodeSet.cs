using System.Security.Cryptography;
using Custodia.Identity.Factors;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.RecoveryCodes;

/// <summary>Makes and redeems the recovery codes of a person.</summary>
internal sealed class RecoveryCodeSet(IdentityContext database, DataVault vault, TimeProvider time)
{
    public const int Count = 10;

    // Without letters and digits that look alike.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Length = 10;

    /// <summary>Makes ten new codes in place of all earlier ones. The texts are shown once and kept nowhere. Part of the caller's transaction.</summary>
    public async Task<IReadOnlyList<string>> RenewAsync(User user, CancellationToken cancellation)
    {
        await RemoveAsync(user.Id, cancellation);
        var now = time.GetUtcNow();
        List<string> texts = [];
        for (var i = 0; i < Count; i++)
        {
            var text = RandomNumberGenerator.GetString(Alphabet, Length);
            texts.Add($"{text[..(Length / 2)]}-{text[(Length / 2)..]}");
            database.RecoveryCodes.Add(new RecoveryCode
            {
                Id = Guid.CreateVersion7(now),
                Account = user.Account,
                UserId = user.Id,
                CodeHash = await HashAsync(user, text, cancellation),
                CreatedAt = now,
            });
        }

        await database.SaveChangesAsync(cancellation);
        return texts;
    }

    /// <summary>Redeems a code once, by one conditional UPDATE. Part of the caller's transaction.</summary>
    public async Task<bool> RedeemAsync(User user, string typed, CancellationToken cancellation)
    {
        if (Text(typed) is not { } text) return false;
        var hash = await HashAsync(user, text, cancellation);
        var now = time.GetUtcNow();
        return await database.RecoveryCodes.Where(c => c.UserId == user.Id && c.CodeHash == hash && c.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancellation) == 1;
    }

    /// <summary>Whether a person has codes that are not used up.</summary>
    public Task<bool> AnyAsync(Guid user, CancellationToken cancellation) =>
        database.RecoveryCodes.AnyAsync(c => c.UserId == user && c.UsedAt == null, cancellation);

    /// <summary>Removes all codes of a person. Part of the caller's transaction.</summary>
    public Task RemoveAsync(Guid user, CancellationToken cancellation) =>
        database.RecoveryCodes.Where(c => c.UserId == user).ExecuteDeleteAsync(cancellation);

    // Case, blanks and the dash are how people copy them.
    private static string? Text(string typed)
    {
        if (typed.Length > 40) return null;
        var text = string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return text.Length == Length ? text : null;
    }

    private ValueTask<byte[]> HashAsync(User user, string text, CancellationToken cancellation) =>
        vault.IndexAsync(user.Account, Credential.Category, "code-hash", $"{user.Id:N}/{text}", cancellation);
}
