using Custodia.Kernel.Hosting;
using Microsoft.Extensions.Configuration;

namespace Custodia.Identity;

/// <summary>The section <c>Custodia:Identity</c> of the configuration.</summary>
internal sealed class IdentityOptions
{
    public const string Section = "Custodia:Identity";

    /// <summary>Rounds of PBKDF2-HMAC-SHA512 for new password hashes, 1,000 to 10,000,000; default 210,000. Older hashes are renewed at the next sign-in.</summary>
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>Failed sign-ins by one name from one network before a pause; default 10 in 15 minutes.</summary>
    public int AttemptsPerName { get; set; } = 10;

    /// <summary>Failed sign-ins from one address before a pause; default 60 in 15 minutes.</summary>
    public int AttemptsPerAddress { get; set; } = 60;

    /// <summary>Codes sent to one recipient as asked for from one network; default 5 in 15 minutes, four times as many from everywhere.</summary>
    public int CodesPerRecipient { get; set; } = 5;

    /// <summary>Whether DPoP proofs need a nonce of this server (RFC 9449 section 8); default no.</summary>
    public bool DpopNonces { get; set; }

    /// <exception cref="ConfigurationException">A setting is unknown, or out of its range.</exception>
    public static IdentityOptions Read(IConfiguration configuration)
    {
        var options = SettingsReader.Read<IdentityOptions>(configuration, Section);
        Check(nameof(PasswordIterations), options.PasswordIterations, 1_000, 10_000_000);
        Check(nameof(AttemptsPerName), options.AttemptsPerName, 1, 1_000_000);
        Check(nameof(AttemptsPerAddress), options.AttemptsPerAddress, 1, 1_000_000);
        Check(nameof(CodesPerRecipient), options.CodesPerRecipient, 1, 1_000_000);
        return options;
    }

    private static void Check(string name, int value, int least, int most)
    {
        if (value < least || value > most) throw new ConfigurationException($"{Section}:{name}", $"must be {least} to {most}.");
    }
}
