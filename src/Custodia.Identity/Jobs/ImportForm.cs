using Custodia.Console;
using Custodia.Identity.Jobs.Imports;

namespace Custodia.Identity.Jobs;

/// <summary>The plan of an import as the console's form says it.</summary>
internal static class ImportForm
{
    public static ImportPlan Read(FormState form) => new(
        new ImportMapping
        {
            UserName = Column(form, "map-user-name"),
            Email = Column(form, "map-email"),
            Mobile = Column(form, "map-mobile"),
            DisplayName = Column(form, "map-display-name"),
            BirthDate = Column(form, "map-birth-date"),
            Gender = Column(form, "map-gender"),
            Locale = Column(form, "map-locale"),
            CustomAttributes = Attributes(form),
            EmailVerified = Column(form, "map-email-verified"),
            AllEmailsVerified = form.Ticked("all-verified"),
            Status = Column(form, "map-status"),
            Groups = Column(form, "map-groups"),
            PasswordHash = Column(form, "map-hash") is { } hash
                ? new HashMapping(hash, form["hash-format"].Length > 0 ? form["hash-format"] : "auto", Column(form, "map-salt"), form.Ticked("salt-first"))
                : null,
        },
        Enum.TryParse<Duplicates>(form["duplicates"], out var duplicates) ? duplicates : Duplicates.Skip,
        form.Ticked("dry-run"));

    private static string? Column(FormState form, string name) => form.Exact(name) is { Length: > 0 } column ? column : null;

    private static Dictionary<string, string>? Attributes(FormState form)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in form["attributes"].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = line.Split('=', 2, StringSplitOptions.TrimEntries);
            all[pair[0]] = pair.Length == 2 ? pair[1] : pair[0];
        }

        return all.Count == 0 ? null : all;
    }
}
