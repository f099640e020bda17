using System.Text;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Streams;

namespace Custodia.Kernel.Vault;

/// <summary>
/// Seals and opens values, keeps the key hierarchy (root → account → subject, record, segment) and answers exact-match lookups.
/// Safe for concurrent use; keys are cached in a bounded cache, so a warm call does no I/O.
/// </summary>
public sealed class DataVault
{
    private readonly KeyRing _keys;
    private readonly LoadedPolicy _policy;
    private readonly LogStreams _logs;
    private readonly TimeProvider _time;

    internal DataVault(KeyRing keys, LoadedPolicy policy, LogStreams logs, TimeProvider time)
    {
        _keys = keys;
        _policy = policy;
        _logs = logs;
        _time = time;
    }

    /// <summary>Encrypts a value under the key of its place, which is made at first use. Any string comes back as it was.</summary>
    /// <exception cref="KeyNotFoundException">The policy has no such category or field.</exception>
    /// <exception cref="KeyDestroyedException">The owner was erased; its key is never made again.</exception>
    public ValueTask<Sealed<T>> SealAsync<T>(Place place, T value, CancellationToken cancellation)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        _policy.Category(place.Category).Field(place.Field);
        if (!_keys.TryRent(place.Key, out var key)) return SealSlowAsync(place, value, cancellation);
        using (key) return new ValueTask<Sealed<T>>(Envelope.Seal(key ?? throw new KeyDestroyedException(place.Key), place, value));
    }

    /// <summary>
    /// Opens a value for a use that the category declares (the program's own work, or the person reading their own data).
    /// Staff never come this way: see <see cref="RevealAsync{T}"/>.
    /// </summary>
    /// <returns>The value; null when the key was destroyed.</returns>
    /// <exception cref="UndeclaredUseException">The category does not list <paramref name="use"/>.</exception>
    /// <exception cref="KeyMissingException">The key store has never had the key: it is not the store of these data.</exception>
    /// <exception cref="System.Security.Cryptography.AuthenticationTagMismatchException">The value was moved or changed.</exception>
    public ValueTask<T?> OpenAsync<T>(Place place, Sealed<T> value, string use, CancellationToken cancellation)
        where T : class
    {
        if (!_policy.Category(place.Category).Declares(use)) throw new UndeclaredUseException(place.Category, use);
        return OpenAsync(place, value, cancellation);
    }

    /// <summary>The value's mask, e.g. <c>a***@example.com</c>; null when the key was destroyed.</summary>
    public ValueTask<string?> MaskAsync(Place place, Sealed<string> value, CancellationToken cancellation)
    {
        var kind = _policy.Category(place.Category).Field(place.Field).Mask;
        if (!_keys.TryRent(place.Key, out var key)) return MaskSlowAsync(place, value, kind, cancellation);
        using (key) return new ValueTask<string?>(key is null ? null : Mask.Of(Envelope.Open(key, place, value), kind));
    }

    /// <summary>
    /// Keyed index of a value for exact lookup, or of a beginning for lookup by prefix: HMAC-SHA-256 (32 bytes) under a key of the account and field.
    /// The caller normalises first (see <see cref="Normalise"/>).
    /// </summary>
    /// <exception cref="InvalidOperationException">The policy says <c>lookup: none</c> for the field.</exception>
    public ValueTask<byte[]> IndexAsync(long account, string category, string field, string normalised, CancellationToken cancellation)
    {
        if (_policy.Category(category).Field(field).Lookup == Lookup.None)
            throw new InvalidOperationException($"The policy does not declare a lookup by '{category}' '{field}'.");
        return _keys.TryRentIndex(account, category, field, out var key)
            ? new ValueTask<byte[]>(Indexed(key, normalised))
            : IndexSlowAsync(account, category, field, normalised, cancellation);
    }

    /// <summary>
    /// Opens a value for a member of staff: checks the category's whitelist and the purpose, writes the reveal record durably
    /// (<c>kernel.reveal-log</c>, refusals too), only then opens.
    /// </summary>
    /// <exception cref="StreamUnavailableException">The record cannot be written: nothing is opened.</exception>
    public async Task<RevealOutcome<T>> RevealAsync<T>(RevealRequest request, Sealed<T> value, CancellationToken cancellation)
        where T : class
    {
        var category = _policy.Category(request.Place.Category);
        category.Field(request.Place.Field);
        if (RevealCheck.Refusal<T>(request, category) is { } refusal)
        {
            await RecordAsync(request, category, RevealCheck.ResultOf(refusal), cancellation);
            return refusal;
        }

        var shredded = await _keys.IsDestroyedAsync(request.Place.Key, cancellation);
        await RecordAsync(request, category, shredded ? RevealResult.Shredded : RevealResult.Revealed, cancellation);
        return await OpenAsync(request.Place, value, cancellation) is { } opened ? new RevealOutcome<T>.Revealed(opened) : new RevealOutcome<T>.Shredded();
    }

    /// <summary>Destroys a key for ever: overwritten, tombstoned, evicted from caches. Idempotent.</summary>
    /// <param name="reason">Why, as a short code for the tombstone, e.g. <c>account-deleted</c>; no personal data.</param>
    /// <returns>Whether a key existed and when it was destroyed.</returns>
    public Task<DestroyedKey> DestroyAsync(KeyId key, string reason, CancellationToken cancellation) => _keys.DestroyAsync(key, reason, cancellation);

    /// <summary>
    /// Destroys the keys of days (<see cref="KeyId.Day"/>) of one kind, of all accounts, before <paramref name="first"/>: called by the
    /// rule that deletes the rows, so that a backup which still has them cannot open them.
    /// </summary>
    /// <param name="reason">As for <see cref="DestroyAsync"/>.</param>
    public Task DestroyDaysAsync(string kind, DateOnly first, string reason, CancellationToken cancellation) =>
        _keys.DestroyDaysAsync(kind, first, reason, cancellation);

    /// <summary>Opens without a use: after the checks of a reveal, and for a restore, which puts back plain what the policy keeps plain.</summary>
    internal ValueTask<T?> OpenAsync<T>(Place place, Sealed<T> value, CancellationToken cancellation)
        where T : class
    {
        if (!_keys.TryRent(place.Key, out var key)) return OpenSlowAsync(place, value, cancellation);
        using (key) return new ValueTask<T?>(key is null ? null : Envelope.Open(key, place, value));
    }

    private async ValueTask<Sealed<T>> SealSlowAsync<T>(Place place, T value, CancellationToken cancellation)
        where T : class
    {
        using var key = await _keys.RentAsync(place.Key, cancellation);
        return Envelope.Seal(key, place, value);
    }

    private async ValueTask<T?> OpenSlowAsync<T>(Place place, Sealed<T> value, CancellationToken cancellation)
        where T : class
    {
        using var key = await _keys.FindAsync(place.Key, cancellation);
        return key is null ? null : Envelope.Open(key, place, value);
    }

    private async ValueTask<string?> MaskSlowAsync(Place place, Sealed<string> value, MaskKind kind, CancellationToken cancellation) =>
        await OpenSlowAsync(place, value, cancellation) is { } text ? Mask.Of(text, kind) : null;

    private async ValueTask<byte[]> IndexSlowAsync(long account, string category, string field, string normalised, CancellationToken cancellation) =>
        Indexed(await _keys.RentIndexAsync(account, category, field, cancellation), normalised);

    private static byte[] Indexed(KeyLease lease, string normalised)
    {
        using var key = lease;
        using var text = new SecretBuffer(stackalloc byte[SecretBuffer.OnStack], Encoding.UTF8.GetMaxByteCount(normalised.Length));
        var index = new byte[System.Security.Cryptography.HMACSHA256.HashSizeInBytes];
        key.Authenticate(text.Span[..Encoding.UTF8.GetBytes(normalised, text.Span)], index);
        return index;
    }

    /// <summary>The record lies under the person's key too, except when that key is gone: then it names them by number only.</summary>
    private async Task RecordAsync(RevealRequest request, PolicyCategory category, string result, CancellationToken cancellation)
    {
        var known = !await _keys.IsDestroyedAsync(KeyId.Subject(request.Place.Key.Account, request.Subject), cancellation);
        await _logs.AppendAsync(RevealCheck.Record(request, category, result, known, _time.GetUtcNow()), cancellation);
    }
}
