using Custodia.Console;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Reveals;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Custodia.Tickets.Desk;

/// <summary>The desk's Reveal form: asks for purpose and reason, shows the value once, or says why not.</summary>
internal static class DeskReveal
{
    public static async Task<IResult> Reveal(Guid id, [FromForm] IFormCollection posted, HttpContext http, DeskPages pages, RevealSecret reveal, CancellationToken cancellation)
    {
        var form = new FormState(posted);
        var caller = http.Caller();
        if (await pages.FindAsync(http, id) is not { } ticket) return Problem.NotFound("ticket");
        if (TargetOf(form["target"]) is not var (target, permission)) return Problem.NotFound("sealed value");
        if (!caller.Can(permission)) return Problem.Forbidden("forbidden", "You may not do this.", ("permission", permission));
        var outcome = await reveal.RunAsync(ticket, target, new RevealReason(caller, http.Facts(), form["purpose"], form["reason"]), cancellation);
        var forms = new DeskForms { Target = form["target"], Reveal = form };
        return outcome switch
        {
            RevealOutcome<string>.Revealed revealed => await pages.ShowAsync(http, ticket, forms with { Revealed = revealed.Value }),
            RevealOutcome<string>.NotOnWhitelist refused => await RefusedAsync(Texts.Of("NotOnWhitelist", refused.Category, string.Join(", ", refused.Whitelist)), StatusCodes.Status403Forbidden),
            RevealOutcome<string>.NotNamed => await RefusedAsync(Texts.Of("NotNamed"), StatusCodes.Status403Forbidden),
            RevealOutcome<string>.Invalid invalid => await RefusedAsync(Texts.Of($"Rule_{invalid.Field}"), StatusCodes.Status422UnprocessableEntity),
            RevealOutcome<string>.Shredded => await RefusedAsync(Texts.Of("Shredded"), StatusCodes.Status410Gone),
            _ => Problem.NotFound("sealed value"),
        };

        Task<IResult> RefusedAsync(string message, int status)
        {
            form.Fail(message);
            return pages.ShowAsync(http, ticket, forms, status);
        }
    }

    /// <summary>Targets as the form writes them: <c>email</c>, <c>note:ID</c>, <c>grant:ID:FIELD</c>.</summary>
    private static (RevealTarget Target, string Permission)? TargetOf(string word)
    {
        if (RevealTarget.Contact(word) is { } contact) return (contact, Permissions.RevealContacts);
        var parts = word.Split(':');
        if (parts is ["note", var note] && Guid.TryParse(note, out var noteId)) return (new RevealTarget.Note(noteId), Permissions.RevealConfidential);
        if (parts is ["grant", var grant, var field] && Guid.TryParse(grant, out var grantId)) return (new RevealTarget.Grant(grantId, field), Permissions.RevealAuthorisations);
        return null;
    }
}
