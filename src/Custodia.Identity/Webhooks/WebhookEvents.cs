namespace Custodia.Identity.Webhooks;

/// <summary>What a webhook may be told of: events that Identity publishes, by their names.</summary>
internal static class WebhookEvents
{
    public const string Registered = "identity.user.registered";
    public const string ProfileChanged = "identity.user.profile-changed";
    public const string StatusChanged = "identity.user.status-changed";
    public const string SignedIn = "identity.user.signed-in";
    public const string SignedOut = "identity.user.signed-out";
    public const string Deleted = "identity.user.deleted";

    /// <summary>Sent by hand alone, so that a receiver can be tried.</summary>
    public const string Test = "identity.webhook.test";

    public static readonly IReadOnlyList<string> All = [Registered, ProfileChanged, StatusChanged, SignedIn, SignedOut, Deleted];

    /// <summary>Members of an event that every webhook gets; the others are profile values.</summary>
    public static readonly IReadOnlySet<string> Identifiers =
        new HashSet<string>(StringComparer.Ordinal) { "userId", "directory", "sessionId", "status", "amr" };

    public static bool IsKnown(string type) => All.Contains(type, StringComparer.Ordinal);
}
