using Custodia.Kernel.Hosting;

namespace Custodia.Kernel.Vault;

/// <summary>Where the root key comes from: command, then variable, then file; what is set wins, and an empty setting is an error.</summary>
internal sealed class RootKeySource(KeyOptions options, DataLayout layout)
{
    public static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The file that holds the root key; null when a command or a variable does.</summary>
    public string? File => options.RootKeyCommand is null && options.RootKey is null ? FilePath : null;

    /// <summary>For messages.</summary>
    public string Description =>
        options.RootKeyCommand is not null ? "the command in Custodia:Keys:RootKeyCommand"
        : options.RootKey is not null ? "the setting Custodia:Keys:RootKey"
        : $"the file '{FilePath}'";

    private string FilePath => Path.GetFullPath(options.RootKeyFile ?? Path.Combine(layout.Keys, RootKeyFile.DefaultName));

    /// <summary>One key, or the old and the new one from a file in the middle of a rotation. Null when it is a file and does not exist.</summary>
    /// <exception cref="RootKeyException">There is something, but not a root key.</exception>
    public IReadOnlyList<RootKey>? Load()
    {
        if (options.RootKeyCommand is { } command) return [RootKeyCommand.Run(command, CommandTimeout)];
        if (options.RootKey is { } text)
        {
            if (text.Trim().Length == 0) throw new RootKeyException(RootKeyFault.Malformed, "The setting Custodia:Keys:RootKey is set but empty.");
            var key = RootKey.FromBase64(text.Trim());
            return key is not null ? [key] : throw new RootKeyException(RootKeyFault.Malformed, $"The setting Custodia:Keys:RootKey is not {ReadyKey.Size} bytes in Base64.");
        }

        return System.IO.File.Exists(FilePath) ? RootKeyFile.Read(FilePath) : null;
    }
}
