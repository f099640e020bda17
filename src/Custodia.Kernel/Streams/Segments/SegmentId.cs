using System.Globalization;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Streams;

/// <summary>
/// One day of a stream. A day has a second generation when its first was dropped or its shape changed before the day was over:
/// a destroyed key is never made again, so the rest of the day needs another one.
/// </summary>
internal readonly record struct SegmentId(string Stream, DateOnly Day, int Generation)
{
    public const string Extension = ".db";

    /// <summary>Oldest first.</summary>
    public static readonly IComparer<SegmentId> ByDay = Comparer<SegmentId>.Create(static (one, other) => (one.Day, one.Generation).CompareTo((other.Day, other.Generation)));

    /// <summary><c>2026-11-21.db</c>, later generations <c>2026-11-21.2.db</c>.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Label}{Extension}");

    public string Label => Generation == 1
        ? Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Day:yyyy-MM-dd}.{Generation}");

    public KeyId Key => KeyId.Segment(Generation == 1 ? Stream : string.Create(CultureInfo.InvariantCulture, $"{Stream}.{Generation}"), Day);

    public static bool TryParse(string stream, string label, out SegmentId id)
    {
        id = default;
        var text = label.AsSpan();
        var generation = 1;
        if (text.Length > 10)
        {
            if (text[10] != '.' || !int.TryParse(text[11..], NumberStyles.None, CultureInfo.InvariantCulture, out generation) || generation < 2) return false;
            text = text[..10];
        }

        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return false;
        id = new SegmentId(stream, day, generation);
        return true;
    }

    public override string ToString() => $"{Stream}/{Label}";
}
