using Custodia.Identity.Users;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Administration;

/// <summary>Everything that is wrong with a request, by the names that the API uses.</summary>
internal sealed class Findings
{
    private readonly List<(string Field, string Rule)> _all = [];

    public bool Any => _all.Count > 0;

    public IReadOnlyList<(string Field, string Rule)> All => _all;

    public Findings Add(string field, string rule)
    {
        _all.Add((field, rule));
        return this;
    }

    /// <summary>Adds a finding about a policy field: <c>user-name</c> is <c>userName</c>.</summary>
    public Findings Add(Finding finding) => Add(ApiName(finding.Field), finding.Rule);

    public Findings Add(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings) Add(finding);
        return this;
    }

    /// <summary>Adds what is wrong with a name or title that others read: its length by the rule given, or what it is made of.</summary>
    public Findings CheckLine(string field, string text, int longest, string lengthRule)
    {
        if (ShownText.IsBlank(text) || text.Trim().Length > longest) return Add(field, lengthRule);
        return ShownText.IsLine(text) ? this : Add(field, "control-characters");
    }

    public IResult ToProblem() => Problem.Invalid([.. _all]);

    public static string ApiName(string policyName)
    {
        var parts = policyName.Split('-');
        return string.Concat(parts.Select((p, i) => i == 0 ? p : char.ToUpperInvariant(p[0]) + p[1..]));
    }
}
