using System.Text.RegularExpressions;

namespace Custodia.Tickets.Screening;

/// <summary>Access tokens that their makers gave a recognisable shape, and authorization headers.</summary>
internal static partial class Tokens
{
    private static readonly string[] Hints =
        ["AKIA", "ASIA", "gh", "github_pat_", "glpat-", "xox", "AIza", "k_live_", "sk-", "LTAI", "AKID", "npm_", "eyJ", "uthorization"];

    public static void Find(string text, ref List<Finding>? found)
    {
        if (!Array.Exists(Hints, hint => text.Contains(hint, StringComparison.Ordinal))) return;
        foreach (var match in Shapes().EnumerateMatches(text))
        {
            // Vendors' own documentation keys end so.
            if (text.AsSpan(match.Index, match.Length).EndsWith("EXAMPLE", StringComparison.Ordinal)) continue;
            Screen.Add(ref found, SecretKind.Token, Certainty.Sure, match.Index, match.Length);
        }

        foreach (Match match in Header().Matches(text))
        {
            var value = match.Groups["value"];
            Screen.Add(ref found, SecretKind.Token, Certainty.Sure, value.Index, value.Length);
        }
    }

    [GeneratedRegex(
        """
        (?<![A-Za-z0-9_-])(?:
            (?:AKIA|ASIA)[0-9A-Z]{16}                                  # AWS
          | gh[pousr]_[A-Za-z0-9]{36,255} | github_pat_[A-Za-z0-9_]{22,255}
          | glpat-[A-Za-z0-9_-]{20,64}
          | xox[abprs]-[A-Za-z0-9-]{10,250}                            # Slack
          | AIza[0-9A-Za-z_-]{35}                                      # Google
          | (?:sk|rk)_live_[0-9A-Za-z]{16,255}                         # Stripe
          | sk-(?:[a-z]+-)*[A-Za-z0-9_-]{32,255}
          | LTAI[A-Za-z0-9]{12,28}                                     # Alibaba Cloud
          | AKID[A-Za-z0-9]{32}                                        # Tencent Cloud
          | npm_[A-Za-z0-9]{36}
          | eyJ[A-Za-z0-9_-]{8,4096}\.eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{10,2048}   # JWT
        )(?![A-Za-z0-9_-])
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Shapes();

    [GeneratedRegex(
        @"authorization[""']?\s*[:=]\s*[""']?(?:basic|bearer|token)\s+(?<value>[A-Za-z0-9+/._~=-]{8,8192})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Header();
}
