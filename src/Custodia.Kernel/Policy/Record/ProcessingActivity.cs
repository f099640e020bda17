namespace Custodia.Kernel.Policy;

/// <summary>
/// One entry of the record of processing activities, with the contents that GDPR Art. 30(1)(a) to (g) demands, in the language of
/// <see cref="System.Globalization.CultureInfo.CurrentUICulture"/>.
/// </summary>
public sealed record ProcessingActivity(
    string Id,
    string Service,
    string Title,
    string Controller,
    string Role,
    string Purposes,
    string LegalBasis,
    string Subjects,
    string Data,
    string Recipients,
    string Transfers,
    string Limits,
    string Measures)
{
    /// <summary>Names of the columns, in the order of <see cref="Values"/>.</summary>
    public static IReadOnlyList<string> Columns =>
    [
        .. new[]
        {
            "col-id", "col-service", "col-controller", "col-role", "col-purposes", "col-legal-basis", "col-subjects",
            "col-data", "col-recipients", "col-transfers", "col-limits", "col-measures",
        }.Select(key => PolicyWords.Say(key)),
    ];

    public IReadOnlyList<string> Values =>
        [$"{Title} ({Id})", Service, Controller, Role, Purposes, LegalBasis, Subjects, Data, Recipients, Transfers, Limits, Measures];

    /// <summary>One activity a category, in the order of the files.</summary>
    public static IReadOnlyList<ProcessingActivity> Of(LoadedPolicy policy) =>
        [.. policy.Services.SelectMany(s => s.Categories.Select(c => Of(s, c)))];

    private static ProcessingActivity Of(ServicePolicy service, PolicyCategory category) => new(
        category.Id,
        service.Title.Current,
        category.Title.Current,
        $"{service.Controller.Current}; {service.Contact.Current}",
        PolicyWords.Text("processing", category.Role == ProcessingRole.Processor ? "processor" : "controller"),
        string.Join(PolicyWords.Say("clause-separator"), category.Uses.Select(u => u.Title.Current)),
        PolicyWords.Text("legal-basis", category.LegalBasis),
        Join(category.Subjects.Select(s => PolicyWords.Text("subject", s))),
        Personal(category) is { Length: > 0 } data ? Join(data.Select(f => f.Title.Current)) : PolicyWords.Say("no-personal-data"),
        category.Recipients.Count == 0 ? PolicyWords.Say("none") : Join(category.Recipients.Select(r => PolicyWords.Text("recipient", r))),
        PolicyWords.Say("transfers"),
        $"{Join(category.DeleteOn.Select(PolicyWords.Describe))}; {PolicyWords.Say("deadline", PolicyWords.Describe(category.Deadline))}",
        MeasuresOf(category));

    private static PolicyField[] Personal(PolicyCategory category) => [.. category.Fields.Where(f => f.Personal)];

    private static string MeasuresOf(PolicyCategory category)
    {
        var fields = Personal(category).ToLookup(f => f.Protection, f => f.Title.Current);
        var protections = new List<string>(2);
        if (fields[Protection.Sealed].Any()) protections.Add(PolicyWords.Say("measures-sealed", Join(fields[Protection.Sealed])));
        if (fields[Protection.Plain].Any()) protections.Add(PolicyWords.Say("measures-plain", Join(fields[Protection.Plain])));
        return PolicyWords.Say(
            "measures",
            protections.Count == 0 ? PolicyWords.Say("no-personal-data") : string.Join("; ", protections),
            PolicyWords.DescribeStorage(category),
            Join(category.Access.Select(r => PolicyWords.Text("role", r))));
    }

    private static string Join(IEnumerable<string> texts) => string.Join(PolicyWords.Say("list-separator"), texts);
}
