using System.Text.RegularExpressions;
using Custodia.Identity.Directories;
using Custodia.Identity.SignUp;

namespace Custodia.Identity.Administration;

/// <summary>What a directory may be set to; reports every finding at once.</summary>
internal static partial class DirectoryRules
{
    public static Findings Check(DirectoryRequest request)
    {
        var findings = new Findings();
        if (request is NewDirectoryRequest { Name: var name } && !NameShape().IsMatch(name)) findings.Add("name", "directory-name");
        CheckTitle(findings, "title", request.Title);
        CheckTitle(findings, "titleZh", request.TitleZh);
        var known = SignUpForm.Fields.Select(f => f.Name).ToArray();
        if (request.MandatoryFields?.Any(f => !known.Contains(f, StringComparer.Ordinal)) == true) findings.Add("mandatoryFields", "unknown-value");
        if (request.GraceDays is < 0 or > 14) findings.Add("graceDays", "range-0-14");
        if (request.DormantDays is < 0 or (> 0 and < 30) or > 3650) findings.Add("dormantDays", "range-30-3650");
        if (request.UserLimit is < 0) findings.Add("userLimit", "positive");
        return findings;
    }

    private static void CheckTitle(Findings findings, string field, string? title)
    {
        if (title is not null) findings.CheckLine(field, title, Directory.MaxTitle, "length-1-100");
    }

    [GeneratedRegex("^[a-z0-9](-?[a-z0-9]){1,39}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex NameShape();
}
