using Custodia.Kernel.Policy;

namespace Custodia.Integration.Api;

/// <summary>Enumerations as words: <c>InDoubt</c> is <c>in-doubt</c>.</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => FieldNames.Of(value.ToString());

    public static bool TryRead<T>(string? word, out T value)
        where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (Of(candidate) != word) continue;
            value = candidate;
            return true;
        }

        value = default;
        return false;
    }
}
