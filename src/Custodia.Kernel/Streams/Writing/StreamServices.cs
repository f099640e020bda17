using Custodia.Kernel.Vault;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Streams;

/// <summary>What all streams share.</summary>
/// <param name="PolicyHash">SHA-256 of the policy in force; goes into every checkpoint.</param>
internal sealed record StreamServices(KeyRing Ring, TimeProvider Clock, StreamMetrics Metrics, ILogger Log, string PolicyHash, int QueueLength);
