namespace Custodia.Console;

/// <summary>What the layouts and components themselves say.</summary>
internal static class Texts
{
    public static readonly TextSource Source = new("Custodia.Console.Texts", typeof(Texts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);
}
