namespace Custodia.Console.Start;

/// <summary>Texts of the start page.</summary>
internal static class StartTexts
{
    public static readonly TextSource Source = new("Custodia.Console.Start.StartTexts", typeof(StartTexts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);
}
