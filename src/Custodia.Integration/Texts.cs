using Custodia.Console;

namespace Custodia.Integration;

/// <summary>What Integration's pages say.</summary>
internal static class Texts
{
    public static readonly TextSource Source = new("Custodia.Integration.Texts", typeof(Texts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);
}
