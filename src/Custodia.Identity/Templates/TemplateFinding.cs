using System.Globalization;

namespace Custodia.Identity.Templates;

/// <summary>Something that is wrong with a template.</summary>
/// <param name="Field"><c>subject</c>, <c>text</c> or <c>html</c>.</param>
/// <param name="Rule">Stable code of the rule it breaks.</param>
/// <param name="Value">What breaks it, e.g. <c>{{nmae}}</c> or <c>script</c>; null where the rule says enough.</param>
/// <param name="Position">Line and column of it, counted from 1; null for the whole.</param>
internal sealed record TemplateFinding(string Field, string Rule, string? Value = null, string? Position = null)
{
    /// <summary>For the API: rule, value, position.</summary>
    public string Text => $"{Rule}{(Value is null ? "" : " " + Value)}{(Position is null ? "" : " at " + Position)}";

    public static string PositionOf(string source, int index)
    {
        var before = source.AsSpan(0, index);
        var line = before.Count('\n') + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{line}:{index - before.LastIndexOf('\n')}");
    }
}
