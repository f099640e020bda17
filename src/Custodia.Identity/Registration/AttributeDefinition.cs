using System.Globalization;
using System.Text.Json;
using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Registration;

/// <summary>A custom attribute of the people of a directory: what it is called and which values it takes.</summary>
[Category(RegistrationSettings.Category)]
internal sealed class AttributeDefinition
{
    public Guid DirectoryId { get; init; }

    /// <summary>Key in the profile's custom attributes, never changed: <c>[A-Za-z][A-Za-z0-9_]{0,39}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public required string Label { get; set; }

    public required string LabelZh { get; set; }

    [Field("value-kind")]
    public AttributeKind Kind { get; set; }

    /// <summary>Least number, or least length of a text; null: no limit.</summary>
    public decimal? Minimum { get; set; }

    /// <summary>Greatest number, or greatest length of a text; null: no limit but the 500 characters of any value.</summary>
    public decimal? Maximum { get; set; }

    /// <summary>What there is to choose from, as JSON; null unless the kind is a choice.</summary>
    public string? Choices { get; set; }

    public bool AskedAtSignUp { get; set; }

    /// <summary>A profile that people fill in themselves must have it.</summary>
    public bool Mandatory { get; set; }

    public AttributeEditor EditableBy { get; set; }

    /// <summary>Order in forms, ascending; then by name.</summary>
    public int Position { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The label in the language of the request.</summary>
    public string LabelNow() => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" ? LabelZh : Label;

    public IReadOnlyList<AttributeChoice> ChoiceList() =>
        Choices is null ? [] : JsonSerializer.Deserialize<List<AttributeChoice>>(Choices)!;

    public static void Configure(ModelBuilder model)
    {
        var attribute = model.Entity<AttributeDefinition>();
        attribute.ToTable("attribute_definitions");
        attribute.HasKey(a => new { a.DirectoryId, a.Name });
        attribute.Property(a => a.Name).HasMaxLength(AttributeLimits.Name);
        attribute.Property(a => a.Label).HasMaxLength(AttributeLimits.Label);
        attribute.Property(a => a.LabelZh).HasMaxLength(AttributeLimits.Label);
        attribute.Property(a => a.Kind).HasMaxLength(16);
        attribute.Property(a => a.EditableBy).HasMaxLength(16);
    }
}

internal enum AttributeKind
{
    /// <summary>Any text; bounds are of its length.</summary>
    Text,

    /// <summary>A decimal number with a point, e.g. <c>-12.5</c>.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>ISO 8601, e.g. <c>2026-05-31</c>.</summary>
    Date,

    /// <summary>One of the values of the definition.</summary>
    Choice,

    Email,

    /// <summary>An absolute http or https address.</summary>
    Url,
}

/// <summary>Who may change a value after sign-up. Staff, and the programs that act for them, always may.</summary>
internal enum AttributeEditor
{
    Person,
    Staff,
}

/// <param name="Value">What is stored, 1 to 64 characters.</param>
internal sealed record AttributeChoice(string Value, string Label, string LabelZh)
{
    public string LabelNow() => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" ? LabelZh : Label;
}

internal static class AttributeLimits
{
    public const int Name = 40;
    public const int Label = 100;
    public const int Choice = 64;
    public const int Choices = 100;

    /// <summary>As many as a profile's custom attributes hold.</summary>
    public const int PerDirectory = 32;
}
