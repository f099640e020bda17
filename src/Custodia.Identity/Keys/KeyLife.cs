namespace Custodia.Identity.Keys;

/// <summary>
/// How long a signing key lives. A successor is published before it signs, so that clients that cache the key set know it in
/// time; a retired key stays published until nothing it signed is valid any more.
/// </summary>
internal static class KeyLife
{
    public static readonly TimeSpan Active = TimeSpan.FromDays(90);

    public static readonly TimeSpan Prepublished = TimeSpan.FromDays(7);

    /// <summary>Longer than the longest token life an application may ask for (a day); also how long logout hints stay good.</summary>
    public static readonly TimeSpan Retired = TimeSpan.FromDays(30);

    /// <summary>The moments of a key that takes over at <paramref name="activeFrom"/>.</summary>
    public static (DateTimeOffset ActiveUntil, DateTimeOffset PublishedUntil) From(DateTimeOffset activeFrom) =>
        (activeFrom + Active, activeFrom + Active + Retired);

    /// <summary>When the successor of a key that signs until <paramref name="activeUntil"/> must be in the key set.</summary>
    public static DateTimeOffset SuccessorDue(DateTimeOffset activeUntil) => activeUntil - Prepublished;
}
