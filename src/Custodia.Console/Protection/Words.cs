namespace Custodia.Console.Protection;

/// <summary>Texts of the privacy pages.</summary>
internal static class Words
{
    public static readonly TextSource Source = new("Custodia.Console.Protection.Words", typeof(Words).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);
}
