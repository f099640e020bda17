using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Custodia.Kernel.Hosting;

/// <summary>The server's own measures and traces. Tags are categories, states and counts, never personal data.</summary>
public static class Telemetry
{
    public const string Name = "Custodia";

    public static Meter Meter { get; } = new(Name);

    public static ActivitySource Activities { get; } = new(Name);
}
