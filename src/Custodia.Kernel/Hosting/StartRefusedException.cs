namespace Custodia.Kernel.Hosting;

/// <summary>
/// The server does not start, for a reason that its administrator can mend. Printed to standard error without a stack trace;
/// the process ends with <see cref="ExitCode"/>.
/// </summary>
public class StartRefusedException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>2: configuration, data directory or keys. 3: findings about the policy.</summary>
    public int ExitCode { get; } = exitCode;

    public const int Configuration = 2;

    public const int Policy = 3;
}

/// <summary>A setting is missing, wrong or not available.</summary>
/// <param name="setting">Full name, e.g. <c>Custodia:Storage:Provider</c>.</param>
/// <param name="rule">What is wrong, in one sentence without the value (it may be a secret).</param>
public sealed class ConfigurationException(string setting, string rule, Exception? inner = null)
    : StartRefusedException(Configuration, $"{setting}: {rule}", inner)
{
    public string Setting { get; } = setting;
}
