using Custodia.Kernel.Http;
using Custodia.Kernel.Policy;
using Custodia.Tickets.Screening;
using Microsoft.AspNetCore.Http;

namespace Custodia.Tickets.Tickets;

/// <summary>The one place where outcomes become problem details.</summary>
internal static class TicketProblems
{
    public static IResult Of(TicketOutcome outcome) => outcome switch
    {
        TicketOutcome.NotFound => Problem.NotFound("ticket"),
        TicketOutcome.Invalid invalid => Problem.Invalid([.. invalid.Findings]),
        TicketOutcome.Screened screened => Of(screened),
        TicketOutcome.NotAllowed refused => Problem.Conflict(
            "transition-not-allowed",
            "The ticket's state does not allow this.",
            ("state", Word(refused.State)),
            ("allowed", refused.Allowed)),
        TicketOutcome.Conflict => Problem.Conflict("version-conflict", "The ticket was changed in the meantime; read it again."),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    /// <summary>An enumeration value as the API writes it: <c>to-be-processed</c>.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => FieldNames.Of(value.ToString());

    public static bool TryWord<T>(string? word, out T value)
        where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            value = candidate;
            if (string.Equals(Word(candidate), word, StringComparison.Ordinal)) return true;
        }

        value = default;
        return false;
    }

    private static IResult Of(TicketOutcome.Screened screened)
    {
        var sure = screened.Findings.Any(f => f.Finding.Certainty == Certainty.Sure);
        return Problem.Of(
            StatusCodes.Status422UnprocessableEntity,
            sure ? "secret-in-text" : "confirmation-needed",
            sure ? "The text holds personal numbers or secrets; remove them or use the confidential field." : "The text may hold personal numbers or secrets; send it again with confirm if it does not.",
            ("findings", screened.Findings.Select(f => new
            {
                field = f.Field,
                kind = f.Finding.Name,
                certainty = Word(f.Finding.Certainty),
                start = f.Finding.Start,
                length = f.Finding.Length,
            }).ToArray()));
    }
}
