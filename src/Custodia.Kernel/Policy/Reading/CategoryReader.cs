using Custodia.Kernel.Access;

namespace Custodia.Kernel.Policy.Reading;

/// <summary>Reads and checks one category.</summary>
internal static class CategoryReader
{
    public const string Keys = "id title subjects role uses legalBasis storage backup region recipients access deleteOn deadline fields";

    private static readonly string[] Access = [.. Role.All, "subject", "service"];

    public static PolicyCategory Read(MapReader map, string service)
    {
        var id = map.Text("id");
        if (id.Length > 0 && (!id.StartsWith(service + ".", StringComparison.Ordinal) || !Names.IsKebab(id.AsSpan(service.Length + 1))))
            map.Report("id", $"the id must be '{service}.' and a name in kebab-case.");
        var route = map.Words("storage", PolicyWords.All("storage"));
        var category = new PolicyCategory(
            id,
            service,
            map.Local("title"),
            map.Words("subjects", PolicyWords.All("subject")),
            map.Word("role", ["controller", "processor"]) == "processor" ? ProcessingRole.Processor : ProcessingRole.Controller,
            Uses(map),
            map.Word("legalBasis", PolicyWords.All("legal-basis")),
            Fields(map),
            route.Count == 0 ? "" : route[^1],
            map.Flag("backup"),
            map.Word("region", PolicyWords.All("region")),
            map.Words("recipients", PolicyWords.All("recipient"), mayBeEmpty: true),
            map.Words("access", Access),
            Triggers(map),
            map.Period("deadline"),
            map.File,
            map.Line)
        { Transit = route.Count > 1 ? [.. route.Take(route.Count - 1)] : [] };
        if (category is { Storage: "key-store", Backup: true }) map.Report("backup", "keys are never part of a backup of the data.");
        if (category.DeleteOn.Any(t => t.Name == DeletionTrigger.Event.Never) && (category.DeleteOn.Count > 1 || category.Fields.Any(f => f.Personal)))
            map.Report("deleteOn", "'never' stands alone, and only where no field is personal.");
        if (category.Storage == "message-broker") map.Report("storage", "a message broker is on the way only; say where the data is kept after it.");
        return category;
    }

    private static IReadOnlyList<PolicyUse> Uses(MapReader category)
    {
        var uses = new List<PolicyUse>();
        foreach (var map in category.Maps("uses", "id term en zh"))
        {
            var use = new PolicyUse(map.Text("id"), map.Text("term"), new LocalText(map.Text("en"), map.Text("zh")));
            if (use.Id.Length > 0 && !Names.IsKebab(use.Id)) map.Report("id", $"the use '{use.Id}' must be in kebab-case.");
            if (uses.Exists(u => u.Id == use.Id)) map.Report("id", $"the use '{use.Id}' is written twice.");
            if (use.Term.Length > 0 && !DpvTerms.IsPurpose(use.Term)) map.Report("term", $"'{use.Term}' is not a purpose of DPV 2.2 that a policy may name.");
            uses.Add(use);
        }

        return uses;
    }

    private static IReadOnlyList<DeletionTrigger> Triggers(MapReader category)
    {
        var triggers = new List<DeletionTrigger>();
        foreach (var map in category.Maps("deleteOn", "age? since? on? within?"))
        {
            if (map.Has("age") == map.Has("on")) map.Report(map.Line, "a deletion trigger has either 'age' or 'on'.");
            else if (map.Has("age") ? map.Has("within") : map.Has("since")) map.Report(map.Line, "'since' goes with 'age', 'within' goes with 'on'.");
            else Add(triggers, map, Trigger(map));
        }

        return triggers;
    }

    private static DeletionTrigger Trigger(MapReader map)
    {
        if (map.Has("on")) return new DeletionTrigger.Event(map.Word("on", PolicyWords.All("trigger")), map.Has("within") ? map.Period("within") : Period.Zero);
        var age = map.Period("age");
        if (age == Period.Zero && map.Text("age") is "P0D" or "P0M" or "P0Y") map.Report("age", "an age must be at least a day.");
        return new DeletionTrigger.Age(age, map.Has("since") ? map.Word("since", PolicyWords.All("since")) : null);
    }

    private static void Add(List<DeletionTrigger> triggers, MapReader map, DeletionTrigger trigger)
    {
        if (triggers.Exists(t => t.Name == trigger.Name)) map.Report(map.Line, $"the trigger '{trigger.Name}' is written twice.");
        else triggers.Add(trigger);
    }

    private static IReadOnlyList<PolicyField> Fields(MapReader category)
    {
        var fields = new List<PolicyField>();
        foreach (var map in category.Maps("fields", "name en zh term personal modifiable mandatory protection lookup mask", nameKey: "name"))
        {
            var name = map.Text("name");
            var field = new PolicyField(
                name,
                new LocalText(map.Text("en"), map.Text("zh")),
                map.Text("term"),
                map.Flag("personal"),
                map.Flag("modifiable"),
                map.Flag("mandatory"),
                map.Word("protection", ["plain", "sealed"]) == "sealed" ? Protection.Sealed : Protection.Plain,
                map.Word("lookup", ["none", "exact", "prefix"]) switch { "exact" => Lookup.Exact, "prefix" => Lookup.Prefix, _ => Lookup.None },
                Enum.TryParse<MaskKind>(map.Word("mask", ["full", "email", "mobile", "name", "ip"]), ignoreCase: true, out var mask) ? mask : MaskKind.Full,
                map.Line);
            Check(map, field);
            if (fields.Exists(f => f.Name == name)) map.Report("name", $"the field '{name}' is written twice.");
            else fields.Add(field);
        }

        return fields;
    }

    private static void Check(MapReader map, PolicyField field)
    {
        if (field.Name.Length > 0 && !Names.IsKebab(field.Name)) map.Report("name", "a field's name must be in kebab-case.");
        if (field.Term.Length == 0) return;
        if (!DpvTerms.IsData(field.Term)) map.Report("term", $"'{field.Term}' is not a kind of data of DPV 2.2 that a policy may name.");
        else if (field.Personal && !DpvTerms.IsPersonal(field.Term)) map.Report("term", $"a personal field cannot be '{field.Term}'.");
        else if (!field.Personal && field.Term.StartsWith("pd:", StringComparison.Ordinal)) map.Report("term", $"'{field.Term}' is personal data, but the field says personal: false.");
    }
}

internal static class Names
{
    /// <summary>Lower-case words and digits, joined by single dashes.</summary>
    public static bool IsKebab(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name[0] == '-' || name[^1] == '-') return false;
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiLetterLower(name[i]) && !char.IsAsciiDigit(name[i]) && (name[i] != '-' || name[i - 1] == '-')) return false;
        }

        return true;
    }
}
