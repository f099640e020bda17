using Microsoft.Extensions.Logging;

namespace Custodia.Tickets.Screening;

/// <param name="Field">Name of the field as the API and the form call it.</param>
internal sealed record FieldFinding(string Field, Finding Finding);

/// <summary>Decides what may be stored and logs what was found, by kind and never by content.</summary>
internal sealed partial class ScreeningCheck(ILogger<ScreeningCheck> logger)
{
    /// <summary>What stands in the way of storing: everything sure, and what is likely unless the writer has confirmed it.</summary>
    public IReadOnlyList<FieldFinding> Check(bool confirmed, params IEnumerable<(string Field, string? Text)> texts)
    {
        var found = new List<FieldFinding>();
        foreach (var (field, text) in texts)
        {
            foreach (var finding in Screen.Examine(text))
            {
                Log.Found(logger, finding.Name, finding.Certainty, field, confirmed);
                if (finding.Certainty == Certainty.Sure || !confirmed) found.Add(new FieldFinding(field, finding));
            }
        }

        return found;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Screening found {Kind} ({Certainty}) in {Field}, confirmed: {Confirmed}")]
        public static partial void Found(ILogger logger, string kind, Certainty certainty, string field, bool confirmed);
    }
}
