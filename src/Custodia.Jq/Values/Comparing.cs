namespace Custodia.Jq.Values;

/// <summary>
/// How much this thread has compared, in items and in 64 characters of strings: comparing belongs to values, which know no run, and the
/// run charges for it afterwards. One comparison is bounded by what fits into memory.
/// </summary>
internal static class Comparing
{
    [ThreadStatic]
    private static long _done;

    public static void Add(int work) => _done += work;

    /// <summary>What was done since the last time.</summary>
    public static long Take()
    {
        var done = _done;
        _done = 0;
        return done;
    }
}
