namespace Custodia.Kernel.Vault;

public sealed record DestroyedKey(KeyId Key, bool Existed, DateTimeOffset DestroyedAt);

/// <summary>Something was to be sealed for an owner who has been erased.</summary>
public sealed class KeyDestroyedException(KeyId key) : InvalidOperationException($"The key {key} was destroyed.")
{
    public KeyId Key { get; } = key;
}

/// <summary>Something is sealed under a key that the key store has never had: the store is not the one of these data.</summary>
public sealed class KeyMissingException(KeyId key) : InvalidOperationException($"The key {key} is not in the key store.")
{
    public KeyId Key { get; } = key;
}

/// <summary>Code asked for a sealed value for a use that the policy does not declare.</summary>
public sealed class UndeclaredUseException(string category, string use)
    : InvalidOperationException($"The category '{category}' does not declare the use '{use}'.");
