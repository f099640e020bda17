using System.Collections.Frozen;

namespace Custodia.Kernel.Retention;

/// <summary>The deletion triggers that the kernel enforces itself, without an <see cref="IRetentionRule"/> of a module.</summary>
internal static class HandledTriggers
{
    /// <summary>Any category that is a stream: whole segments are dropped by age and at termination, keys destroyed with the person.</summary>
    public static readonly FrozenSet<string> OfStreams =
        new[] { "age", "service-terminated", "account-deleted", "logs-cleared" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Enforced by each module's <see cref="Deletion.ISubjectData"/>, for its tables.</summary>
    public const string OfSubjectData = "account-deleted";

    /// <summary>The kernel's own categories that are neither streams nor tables with a rule.</summary>
    public static readonly FrozenSet<(string Category, string Trigger)> OfKernel = new[]
    {
        // The envelope lies in the record's row and goes with it.
        ("kernel.log-envelope", "record-deleted"),

        // The next confirmation overwrites the last.
        ("kernel.policy-confirmation", "superseded"),
    }.ToFrozenSet();
}
