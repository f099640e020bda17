using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Custodia.Identity.Protocol;

/// <summary>
/// Remembers what may come once, in bounded memory: for at least <paramref name="window"/>, after which the thing is too old by
/// itself. When it is full it takes nothing more until the oldest may be forgotten: a replay is never let through.
/// </summary>
/// <param name="capacity">Most entries held at a time.</param>
internal sealed class SeenOnce(TimeSpan window, int capacity, TimeProvider time)
{
    private readonly Lock _lock = new();

    private HashSet<UInt128> _young = [];
    private HashSet<UInt128> _old = [];
    private long _turned = time.GetTimestamp();

    /// <summary>True for the first caller with this value; of any number of parallel ones for one.</summary>
    public bool IsFirst(string owner, string value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{owner}\n{value}"), hash);
        var key = BinaryPrimitives.ReadUInt128BigEndian(hash);
        lock (_lock)
        {
            Turn();
            if (_old.Contains(key) || _young.Contains(key) || _young.Count + _old.Count >= capacity) return false;
            return _young.Add(key);
        }
    }

    // Two generations, each as long as the window: nothing is forgotten before its time, nothing is kept for more than two.
    private void Turn()
    {
        var age = time.GetElapsedTime(_turned);
        if (age < window) return;
        _old = age < window + window ? _young : [];
        _young = [];
        _turned = time.GetTimestamp();
    }
}
