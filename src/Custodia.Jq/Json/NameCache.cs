using System.Text;

namespace Custodia.Jq.Json;

/// <summary>Names of fields come again and again: one string for each, found by its bytes. Of bounded size; a newcomer takes the place.</summary>
internal sealed class NameCache
{
    private const int Longest = 32;
    private const int Places = 1024;
    private readonly (byte[] Bytes, string Name)[] _names = new (byte[], string)[Places];

    public string Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > Longest) return Encoding.UTF8.GetString(bytes);
        var hash = (uint)bytes.Length * 16777619;
        foreach (var b in bytes) hash = (hash ^ b) * 16777619;
        ref var place = ref _names[(hash ^ (hash >> 15)) % Places];
        if (place.Bytes is not null && bytes.SequenceEqual(place.Bytes)) return place.Name;
        place = (bytes.ToArray(), Encoding.UTF8.GetString(bytes));
        return place.Name;
    }
}
