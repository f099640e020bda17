using Custodia.Console;

namespace Custodia.Identity;

/// <summary>What Identity's pages and mails say.</summary>
internal static class Texts
{
    public static readonly TextSource Source = new("Custodia.Identity.Texts", typeof(Texts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);

    /// <summary>The text of a rule that a field breaks.</summary>
    public static string Rule(string rule) => Source.Of("Rule_" + rule);

    /// <summary>The label of a profile field, by its policy name.</summary>
    public static string Field(string name) => Source.Of("Field_" + name);
}
