using System.Text.Json;
using Custodia.Console;
using Custodia.Identity.Users;

namespace Custodia.Identity.Registration;

/// <summary>Custom attributes in forms that people fill in about themselves.</summary>
internal static class AttributeForm
{
    public static string FieldOf(AttributeDefinition definition) => $"attribute-{definition.Name}";

    /// <summary>The values that were entered, every wrong one marked.</summary>
    public static Dictionary<string, string> Read(FormState form, IEnumerable<AttributeDefinition> definitions)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var definition in definitions)
        {
            var field = FieldOf(definition);
            var value = definition.Kind == AttributeKind.Boolean ? (form.Ticked(field) ? "true" : "false") : form[field].ReplaceLineEndings("\n");
            if (value.Length == 0)
            {
                if (definition.Mandatory) form.Fail(field, Texts.Rule("required"));
            }
            else if (AttributeRules.RuleBrokenBy(definition, value) is { } rule)
            {
                form.Fail(field, Explain(definition, rule));
            }
            else
            {
                values[definition.Name] = value;
            }
        }

        return values;
    }

    /// <summary>What a rule means for this attribute, with its bounds.</summary>
    public static string Explain(AttributeDefinition definition, string rule) => rule switch
    {
        "too-short" or "too-small" => RegistrationTexts.Of("Rule_" + rule, definition.Minimum),
        "too-large" => RegistrationTexts.Of("Rule_" + rule, definition.Maximum),
        "too-long" => RegistrationTexts.Of("Rule_" + rule, definition.Maximum ?? CustomAttributes.MaxValue),
        _ => RegistrationTexts.Of("Rule_" + rule),
    };

    /// <summary>Values as a profile keeps them; null when there are none.</summary>
    public static string? Write(IReadOnlyDictionary<string, string> values) => values.Count == 0 ? null : JsonSerializer.Serialize(values);

    /// <summary>A value as people read it.</summary>
    public static string Show(AttributeDefinition? definition, string value) => definition?.Kind switch
    {
        AttributeKind.Boolean => RegistrationTexts.Of(value == "true" ? "Yes" : "No"),
        AttributeKind.Choice => definition.ChoiceList().FirstOrDefault(c => c.Value == value)?.LabelNow() ?? value,
        _ => value,
    };
}
