using Custodia.Kernel.Hosting;

namespace Custodia.Kernel.Vault;

/// <summary>What is wrong with the root key or the key store.</summary>
public enum RootKeyFault
{
    /// <summary>There is no root key where it was looked for, and data or keys exist.</summary>
    Missing,

    /// <summary>The file ends too early.</summary>
    Truncated,

    /// <summary>The checksum does not match: some byte changed.</summary>
    Damaged,

    /// <summary>Not 32 bytes in Base64, or not a root key file at all.</summary>
    Malformed,

    /// <summary>A sound key, but of another key store.</summary>
    Foreign,

    /// <summary>The command failed, printed nothing useful or took too long.</summary>
    CommandFailed,

    /// <summary>The file cannot be read or written.</summary>
    Unreadable,

    /// <summary>Data exist, but their key store does not.</summary>
    StoreMissing,
}

/// <summary>
/// The server cannot start: its root key or key store is missing or wrong. The message says what is wrong and where it looked,
/// and never contains key bytes.
/// </summary>
public sealed class RootKeyException(RootKeyFault fault, string message) : StartRefusedException(Configuration, message)
{
    public RootKeyFault Fault { get; } = fault;
}
