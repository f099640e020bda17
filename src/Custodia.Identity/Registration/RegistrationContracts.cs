using System.Text.RegularExpressions;
using Custodia.Identity.Administration;
using Custodia.Identity.AgeGates;
using Custodia.Identity.Directories;
using Custodia.Identity.SignUp;

namespace Custodia.Identity.Registration;

/// <summary>What a directory asks of people who join.</summary>
/// <param name="SignUp">Who may join.</param>
/// <param name="AskedFields">Policy names of profile fields that sign-up shows.</param>
/// <param name="MandatoryFields">Those that it demands.</param>
/// <param name="Attributes">Custom attributes in the order of forms.</param>
internal sealed record RegistrationAnswer(
    SignUpMode SignUp,
    IReadOnlyList<string> AskedFields,
    IReadOnlyList<string> MandatoryFields,
    IReadOnlyList<AttributeAnswer> Attributes,
    AgeGateAnswer AgeGate);

/// <summary>Null leaves a value as it is.</summary>
/// <param name="AskedFields">Policy names out of <c>email user-name display-name mobile birth-date gender</c>; email or user name among them.</param>
/// <param name="MandatoryFields">The same names; what is mandatory is asked too.</param>
internal sealed record RegistrationRequest(SignUpMode? SignUp = null, IReadOnlyList<string>? AskedFields = null, IReadOnlyList<string>? MandatoryFields = null)
{
    public Findings Check()
    {
        var findings = new Findings();
        var known = SignUpForm.Fields.Select(f => f.Name).ToArray();
        if (AskedFields?.Any(f => !known.Contains(f, StringComparer.Ordinal)) == true) findings.Add("askedFields", "unknown-value");
        else if (AskedFields is { } asked && !asked.Contains("email") && !asked.Contains("user-name")) findings.Add("askedFields", "email-or-user-name");
        if (MandatoryFields?.Any(f => !known.Contains(f, StringComparer.Ordinal)) == true) findings.Add("mandatoryFields", "unknown-value");
        return findings;
    }
}

/// <param name="Minimum">Least number, or least length of a text.</param>
/// <param name="Maximum">Greatest number, or greatest length of a text.</param>
internal sealed record AttributeAnswer(
    string Name,
    string Label,
    string LabelZh,
    AttributeKind Kind,
    decimal? Minimum,
    decimal? Maximum,
    IReadOnlyList<AttributeChoice> Choices,
    bool AskedAtSignUp,
    bool Mandatory,
    AttributeEditor EditableBy,
    int Position)
{
    public static AttributeAnswer Of(AttributeDefinition a) =>
        new(a.Name, a.Label, a.LabelZh, a.Kind, a.Minimum, a.Maximum, a.ChoiceList(), a.AskedAtSignUp, a.Mandatory, a.EditableBy, a.Position);
}

/// <summary>A custom attribute, whole: what is left out takes its default.</summary>
/// <param name="Label">1 to 100 characters.</param>
/// <param name="Choices">1 to 100 for a choice, none for other kinds.</param>
/// <param name="Position">0 to 999; order in forms.</param>
internal sealed partial record AttributeRequest(
    string Label,
    string LabelZh,
    AttributeKind Kind,
    decimal? Minimum = null,
    decimal? Maximum = null,
    IReadOnlyList<AttributeChoice>? Choices = null,
    bool AskedAtSignUp = false,
    bool Mandatory = false,
    AttributeEditor EditableBy = AttributeEditor.Person,
    int Position = 0)
{
    public Findings Check(string name)
    {
        var findings = new Findings();
        if (!NameShape().IsMatch(name)) findings.Add("name", "attribute-name");
        findings.CheckLine("label", Label, AttributeLimits.Label, "length-1-100").CheckLine("labelZh", LabelZh, AttributeLimits.Label, "length-1-100");
        if (Position is < 0 or > 999) findings.Add("position", "range-0-999");
        CheckBounds(findings);
        if (Kind == AttributeKind.Choice ? Choices is not { Count: > 0 and <= AttributeLimits.Choices } : Choices is { Count: > 0 }) findings.Add("choices", "choices-1-100");
        else if (Choices?.Any(c => !IsChoice(c)) == true) findings.Add("choices", "choice-shape");
        else if (Choices is not null && Choices.DistinctBy(c => c.Value, StringComparer.Ordinal).Count() < Choices.Count) findings.Add("choices", "choice-twice");
        // A person could never sign up, or never save their profile, without a way to enter it.
        if (Mandatory && !AskedAtSignUp && EditableBy == AttributeEditor.Staff) findings.Add("mandatory", "nobody-enters-it");
        return findings;
    }

    private void CheckBounds(Findings findings)
    {
        if (Minimum is null && Maximum is null) return;
        if (Kind is not (AttributeKind.Text or AttributeKind.Number)) findings.Add("minimum", "no-bounds");
        else if (Minimum > Maximum) findings.Add("maximum", "below-minimum");
        else if (Kind == AttributeKind.Text && (Minimum is < 0 or > 500 || Maximum is < 1 or > 500)) findings.Add("maximum", "length-1-500");
    }

    private static bool IsChoice(AttributeChoice choice) =>
        choice.Value.Trim() == choice.Value && ShownText.IsLine(choice.Value, AttributeLimits.Choice)
        && ShownText.IsLine(choice.Label, AttributeLimits.Label) && ShownText.IsLine(choice.LabelZh, AttributeLimits.Label);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,39}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex NameShape();
}

/// <param name="MinimumAges">Age in full years by ISO 3166-1 code, as it is asked here: the built-in table with the directory's own ages over it.</param>
/// <param name="OtherCountries">For all others.</param>
internal sealed record AgeGateAnswer(bool Enabled, CountrySource CountrySource, IReadOnlyDictionary<string, int> MinimumAges, int OtherCountries)
{
    public static AgeGateAnswer Of(AgeGate? gate)
    {
        var all = AgeGates.MinimumAges.ByCountry.ToDictionary(StringComparer.Ordinal);
        foreach (var (country, age) in gate?.Own() ?? new Dictionary<string, int>(StringComparer.Ordinal)) all[country] = age;
        return new AgeGateAnswer(
            gate?.Enabled ?? false, gate?.CountrySource ?? CountrySource.Stated, new SortedDictionary<string, int>(all, StringComparer.Ordinal), gate?.OtherCountries ?? AgeGate.DefaultAge);
    }
}

/// <summary>An age gate, whole.</summary>
/// <param name="MinimumAges">0 to 21 years by ISO 3166-1 code; what the built-in table says already is not stored.</param>
/// <param name="OtherCountries">0 to 21.</param>
internal sealed record AgeGateRequest(
    bool Enabled, CountrySource CountrySource = CountrySource.Stated, IReadOnlyDictionary<string, int>? MinimumAges = null, int OtherCountries = AgeGate.DefaultAge)
{
    public Findings Check()
    {
        var findings = new Findings();
        if (OtherCountries is < 0 or > 21) findings.Add("otherCountries", "range-0-21");
        foreach (var (country, age) in MinimumAges ?? new Dictionary<string, int>(StringComparer.Ordinal))
        {
            if (!Countries.Codes.Contains(country)) findings.Add("minimumAges", "unknown-country");
            else if (age is < 0 or > 21) findings.Add("minimumAges", "range-0-21");
        }

        return findings;
    }
}
