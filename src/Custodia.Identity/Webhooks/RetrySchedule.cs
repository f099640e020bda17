using System.Globalization;
using System.Security.Cryptography;
using Custodia.Kernel.Http.Outbound;

namespace Custodia.Identity.Webhooks;

/// <summary>When a delivery that failed is tried again, as Standard Webhooks suggests: ten tries within about three days.</summary>
internal static class RetrySchedule
{
    private const int JitterPercent = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), Longest,
    ];

    public static int MaxTries => Pauses.Length + 1;

    /// <summary>The pause after so many tries, up to a tenth longer by chance so that what failed together does not come back together; null: none is left.</summary>
    public static TimeSpan? After(int tries, TimeSpan? asked)
    {
        if (tries < 1 || tries > Pauses.Length) return null;
        var pause = Pauses[tries - 1] * (1 + (RandomNumberGenerator.GetInt32(1001) * JitterPercent / 100_000d));
        return asked > pause ? asked : pause;
    }

    /// <summary>How long the receiver asks to be left alone (RFC 9110 section 10.2.3, in seconds), at most a day.</summary>
    public static TimeSpan? Asked(OutboundOutcome.Answered answer)
    {
        if (answer.Status is not (429 or 503)) return null;
        var text = answer.Headers.FirstOrDefault(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return null;
        return TimeSpan.FromSeconds(Math.Min(seconds, (int)Longest.TotalSeconds));
    }
}
