using System.Collections.Frozen;

namespace Custodia.Identity.Statistics;

/// <summary>What each figure counts, published beside it: in the API's answer and on the dashboard.</summary>
internal static class StatisticsDefinitions
{
    /// <summary>Name in the API's answer, and the name of its text.</summary>
    private static readonly FrozenDictionary<string, string> Keys = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["users"] = "users",
        ["applications"] = "applications",
        ["signIns7Days"] = "sign-ins-7-days",
        ["registrations7Days"] = "registrations-7-days",
        ["smsUsed"] = "sms-used",
        ["mailsUsed"] = "mails-used",
        ["growthYesterday"] = "growth",
        ["growth7Days"] = "growth",
        ["growth30Days"] = "growth",
        ["distribution"] = "distribution",
        ["recentlySignedIn"] = "recently-signed-in",
        ["recentlyRegistered"] = "recently-registered",
        ["monthlyActiveUsers"] = "monthly-active-users",
        ["usageStatus"] = "usage-status",
        ["userLimit"] = "user-limit",
        ["serviceOpenedAt"] = "service-opened-at",
        ["thisMonth"] = "this-month",
        ["days"] = "days",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, string> ByName() =>
        new SortedDictionary<string, string>(Keys.ToDictionary(k => k.Key, k => StatisticsTexts.Of(k.Value), StringComparer.Ordinal), StringComparer.Ordinal);
}
