using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Resources;

namespace Custodia.Kernel.Policy;

/// <summary>
/// The closed word lists of the policy files (storages, triggers, subjects …) and their texts. A word that has a text is known:
/// the resource file is the list.
/// </summary>
public static class PolicyWords
{
    internal static readonly ResourceManager Resources = new("Custodia.Kernel.Policy.PolicyWords", typeof(PolicyWords).Assembly);

    private static readonly FrozenDictionary<string, IReadOnlyList<string>> Lists = ReadLists();

    /// <summary>The words of a list: <c>storage</c>, <c>trigger</c>, <c>since</c>, <c>subject</c>, <c>recipient</c>, <c>role</c>, <c>legal-basis</c>, <c>region</c>.</summary>
    public static IReadOnlyList<string> All(string list) => Lists[list];

    /// <summary>The word's text in the language of the current request.</summary>
    /// <exception cref="MissingManifestResourceException">No such word.</exception>
    public static string Text(string list, string word) => Resources.GetString($"{list}.{word}", CultureInfo.CurrentUICulture)
        ?? throw new MissingManifestResourceException($"The policy word '{list}.{word}' has no text.");

    /// <summary>A sentence with its placeholders filled.</summary>
    public static string Say(string key, params object[] values) => string.Format(CultureInfo.CurrentUICulture, Text("say", key), values);

    /// <summary>When the data of a category goes, in words.</summary>
    public static string Describe(DeletionTrigger trigger) => trigger switch
    {
        DeletionTrigger.Age { Since: null } age => Say("age", Describe(age.Period)),
        DeletionTrigger.Age age => Say("age-since", Describe(age.Period), Text("since", age.Since!)),
        DeletionTrigger.Event { Within: var within } e when within != Period.Zero => Say("event-within", Text("trigger", e.Kind), Describe(within)),
        DeletionTrigger.Event e => Text("trigger", e.Kind),
        _ => trigger.Name,
    };

    public static string Describe(Period period)
    {
        var parts = new List<string>(3);
        if (period.Years > 0) parts.Add(Say(period.Years == 1 ? "year" : "years", period.Years));
        if (period.Months > 0) parts.Add(Say(period.Months == 1 ? "month" : "months", period.Months));
        if (period.Days > 0) parts.Add(Say(period.Days == 1 ? "day" : "days", period.Days));
        return parts.Count == 0 ? Say("at-once") : string.Join(' ', parts);
    }

    /// <summary>Where a category is kept, and whether backups have it.</summary>
    public static string DescribeStorage(PolicyCategory category)
    {
        var places = category.Transit.Select(t => Say("on-the-way", Text("storage", t)))
            .Append(Text("storage", category.Storage))
            .Append(Say(category.Backup ? "backed-up" : "not-backed-up"));
        return string.Join(Say("list-separator"), places);
    }

    private static FrozenDictionary<string, IReadOnlyList<string>> ReadLists() =>
        Resources.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>()
            .Select(e => ((string)e.Key).Split('.', 2))
            .GroupBy(key => key[0], key => key[1], StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Order(StringComparer.Ordinal)], StringComparer.Ordinal);
}
