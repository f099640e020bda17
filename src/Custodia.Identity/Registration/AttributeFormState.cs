using System.Globalization;
using Custodia.Console;

namespace Custodia.Identity.Registration;

/// <summary>The console's form of an attribute definition.</summary>
internal static class AttributeFormState
{
    private const char Between = '|';

    public static AttributeRequest Read(FormState form) => new(
        form["label"],
        form["label-zh"],
        Enum.TryParse<AttributeKind>(form["kind"], out var kind) ? kind : AttributeKind.Text,
        Number(form, "minimum"),
        Number(form, "maximum"),
        Choices(form),
        form.Ticked("asked"),
        form.Ticked("mandatory"),
        Enum.TryParse<AttributeEditor>(form["editable-by"], out var editor) ? editor : AttributeEditor.Person,
        int.TryParse(form["position"], NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : 0);

    public static FormState Of(AttributeDefinition definition)
    {
        List<KeyValuePair<string, string?>> values =
        [
            new("label", definition.Label),
            new("label-zh", definition.LabelZh),
            new("kind", definition.Kind.ToString()),
            new("minimum", definition.Minimum?.ToString(CultureInfo.InvariantCulture)),
            new("maximum", definition.Maximum?.ToString(CultureInfo.InvariantCulture)),
            new("choices", string.Join('\n', definition.ChoiceList().Select(c => $"{c.Value} {Between} {c.Label} {Between} {c.LabelZh}"))),
            new("editable-by", definition.EditableBy.ToString()),
            new("position", definition.Position.ToString(CultureInfo.InvariantCulture)),
        ];
        if (definition.AskedAtSignUp) values.Add(new("asked", "true"));
        if (definition.Mandatory) values.Add(new("mandatory", "true"));
        return new FormState(values);
    }

    public static string FieldOf(string apiName) => apiName == "labelZh" ? "label-zh" : apiName;

    // A line each: value, English and Chinese text; texts that are left out are the value.
    private static List<AttributeChoice> Choices(FormState form) =>
    [
        .. form["choices"].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(Between, StringSplitOptions.TrimEntries))
            .Select(p => new AttributeChoice(p[0], p.Length > 1 && p[1].Length > 0 ? p[1] : p[0], p.Length > 2 && p[2].Length > 0 ? p[2] : p.Length > 1 && p[1].Length > 0 ? p[1] : p[0])),
    ];

    private static decimal? Number(FormState form, string field)
    {
        if (form[field].Length == 0) return null;
        if (decimal.TryParse(form[field], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return number;
        form.Fail(field, RegistrationTexts.Of("Rule_number"));
        return null;
    }
}
