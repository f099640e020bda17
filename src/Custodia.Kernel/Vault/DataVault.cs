using Custodia.Kernel.Access;

namespace Custodia.Kernel.Vault;

/// <summary>
/// Seals and opens values, keeps the key hierarchy (root → account → subject, record, segment) and answers exact-match lookups.
/// Safe for concurrent use; keys are cached in a bounded cache, so a warm call does no I/O.
/// </summary>
public sealed class DataVault
{
    /// <summary>Encrypts a value under the key of its place, which is made at first use.</summary>
    /// <exception cref="KeyDestroyedException">The owner was erased; its key is never made again.</exception>
    public ValueTask<Sealed<T>> SealAsync<T>(Place place, T value, CancellationToken cancellation)
        where T : class => throw new NotImplementedException();

    /// <summary>
    /// Opens a value for a use that the category declares (the program's own work, or the person reading their own data).
    /// Staff never come this way: see <see cref="RevealAsync{T}"/>.
    /// </summary>
    /// <returns>The value; null when the key was destroyed.</returns>
    /// <exception cref="UndeclaredUseException">The category does not list <paramref name="use"/>.</exception>
    /// <exception cref="System.Security.Cryptography.AuthenticationTagMismatchException">The value was moved or changed.</exception>
    public ValueTask<T?> OpenAsync<T>(Place place, Sealed<T> value, string use, CancellationToken cancellation)
        where T : class => throw new NotImplementedException();

    /// <summary>The value's mask, e.g. <c>a***@example.com</c>; null when the key was destroyed.</summary>
    public ValueTask<string?> MaskAsync(Place place, Sealed<string> value, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>
    /// Keyed index of a value for exact lookup: HMAC-SHA-256 (32 bytes) under a key of the account and field.
    /// The caller normalises first (see <see cref="Normalise"/>).
    /// </summary>
    public ValueTask<byte[]> IndexAsync(long account, string category, string field, string normalised, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>
    /// Opens a value for a member of staff: checks the category's whitelist and the purpose, writes the reveal record durably
    /// (<c>kernel.reveal-log</c>, refusals too), only then opens.
    /// </summary>
    public Task<RevealOutcome<T>> RevealAsync<T>(RevealRequest request, Sealed<T> value, CancellationToken cancellation)
        where T : class => throw new NotImplementedException();

    /// <summary>Destroys a key for ever: overwritten, tombstoned, evicted from caches. Idempotent.</summary>
    /// <returns>Whether a key existed and when it was destroyed.</returns>
    public Task<DestroyedKey> DestroyAsync(KeyId key, string reason, CancellationToken cancellation) => throw new NotImplementedException();
}

/// <summary>What staff say when they ask to see a sealed value.</summary>
/// <param name="Place">Which value; its key's owner is whose.</param>
/// <param name="Subject">The person it is about, for the record and for the person to see.</param>
/// <param name="Purpose">A use that the category declares.</param>
/// <param name="Reason">Free words, 3 to 500 characters, e.g. a ticket number.</param>
/// <param name="Object">What it belongs to, e.g. <c>ticket/0193…</c>.</param>
public sealed record RevealRequest(Place Place, Guid Subject, Caller Caller, string Purpose, string Reason, string Object);

public abstract record RevealOutcome<T>
    where T : class
{
    public sealed record Revealed(T Value) : RevealOutcome<T>;

    /// <summary>None of the caller's roles is on the category's whitelist.</summary>
    public sealed record NotOnWhitelist(string Category, IReadOnlyList<string> Whitelist) : RevealOutcome<T>;

    /// <summary>The purpose is not one that the category declares, or the reason is missing or too long.</summary>
    public sealed record Invalid(string Field, string Rule) : RevealOutcome<T>;

    /// <summary>The key was destroyed: the value is gone.</summary>
    public sealed record Shredded : RevealOutcome<T>;
}

public sealed record DestroyedKey(KeyId Key, bool Existed, DateTimeOffset DestroyedAt);

/// <summary>Something was to be sealed for an owner who has been erased.</summary>
public sealed class KeyDestroyedException(KeyId key) : InvalidOperationException($"The key {key} was destroyed.")
{
    public KeyId Key { get; } = key;
}

/// <summary>Code asked for a sealed value for a use that the policy does not declare.</summary>
public sealed class UndeclaredUseException(string category, string use)
    : InvalidOperationException($"The category '{category}' does not declare the use '{use}'.");

/// <summary>Something is sealed under a key that the key store has never had: the store is not the one of these data.</summary>
public sealed class KeyMissingException(KeyId key) : InvalidOperationException($"The key {key} is not in the key store.")
{
    public KeyId Key { get; } = key;
}
