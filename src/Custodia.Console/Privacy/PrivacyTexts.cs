namespace Custodia.Console.Privacy;

/// <summary>What the published policy's page says around the policy's own words.</summary>
internal static class PrivacyTexts
{
    public static readonly TextSource Source = new("Custodia.Console.Privacy.PrivacyTexts", typeof(PrivacyTexts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);

    public static string YesNo(bool value) => Of(value ? "Yes" : "No");
}
