using System.Globalization;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Registration;

/// <summary>
/// What the values of custom attributes must be: the same rules at sign-up, in the portal, by API, import and SCIM. A directory that
/// defines no attributes takes any texts, as far as <see cref="CustomAttributes"/> allows.
/// </summary>
internal sealed class AttributeRules(IdentityContext database)
{
    /// <summary>Definitions of a directory in the order of its forms.</summary>
    public Task<List<AttributeDefinition>> OfAsync(Guid directory, CancellationToken cancellation) =>
        database.AttributeDefinitions.AsNoTracking()
            .Where(a => a.DirectoryId == directory)
            .OrderBy(a => a.Position).ThenBy(a => a.Name)
            .ToListAsync(cancellation);

    /// <summary>Everything that is wrong with the custom attributes of a profile that staff or a program write.</summary>
    /// <param name="json">JSON object of texts, checked by <see cref="ProfileRules"/> already; null when there are none.</param>
    public async Task<IReadOnlyList<Finding>> CheckAsync(Guid directory, string? json, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(json) || !CustomAttributes.IsValid(json)) return [];
        return [.. Check(await OfAsync(directory, cancellation), json)];
    }

    /// <summary>The same with definitions that were read before.</summary>
    public static IEnumerable<Finding> Check(IReadOnlyList<AttributeDefinition> definitions, string? json) =>
        definitions.Count == 0 || string.IsNullOrEmpty(json) || !CustomAttributes.IsValid(json) ? [] : Check(definitions, CustomAttributes.Read(json));

    /// <summary>Every value that its definition does not take, and every name without a definition.</summary>
    public static IEnumerable<Finding> Check(IReadOnlyList<AttributeDefinition> definitions, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (name, value) in values)
        {
            if (definitions.FirstOrDefault(d => d.Name == name) is not { } definition) yield return new(FieldOf(name), "unknown-attribute");
            else if (RuleBrokenBy(definition, value) is { } rule) yield return new(FieldOf(name), rule);
        }
    }

    /// <summary>Name of an attribute in findings: <c>customAttributes.NAME</c> in the API, the same with a hyphen in forms.</summary>
    public static string FieldOf(string name) => $"custom-attributes.{name}";

    /// <summary>The rule that a value breaks; null when it is good.</summary>
    public static string? RuleBrokenBy(AttributeDefinition definition, string value) => definition.Kind switch
    {
        _ when value.Length > CustomAttributes.MaxValue => "too-long",
        _ when value.Any(c => char.IsControl(c) && c != '\n') => "control-characters",
        AttributeKind.Text => TextRule(definition, value),
        AttributeKind.Number => NumberRule(definition, value),
        AttributeKind.Boolean => value is "true" or "false" ? null : "true-or-false",
        AttributeKind.Date => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "date",
        AttributeKind.Choice => definition.ChoiceList().Any(c => c.Value == value) ? null : "unknown-value",
        AttributeKind.Email => ProfileRules.IsEmail(value) ? null : "email-shape",
        AttributeKind.Url => IsWebAddress(value) ? null : "web-address",
        _ => throw new ArgumentOutOfRangeException(nameof(definition)),
    };

    private static string? TextRule(AttributeDefinition definition, string value) =>
        value.Length < definition.Minimum ? "too-short" : value.Length > definition.Maximum ? "too-long" : null;

    private static string? NumberRule(AttributeDefinition definition, string value)
    {
        if (!decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return "number";
        return number < definition.Minimum ? "too-small" : number > definition.Maximum ? "too-large" : null;
    }

    private static bool IsWebAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address)
        && address.Scheme is "https" or "http"
        && address.UserInfo.Length == 0;
}
