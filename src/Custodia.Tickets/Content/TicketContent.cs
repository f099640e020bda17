using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;

namespace Custodia.Tickets.Content;

/// <summary>Names where a text of a ticket belongs.</summary>
/// <param name="ContentKey">The ticket's content key, see <see cref="Tickets.Ticket.ContentKey"/>.</param>
/// <param name="Field">Field of <c>tickets.content</c>.</param>
/// <param name="Row">Id of the row that holds it.</param>
internal readonly record struct ContentPlace(long Account, Guid ContentKey, string Field, Guid Row)
{
    public Place Place => new(TicketKeys.Content(Account, ContentKey), TicketContent.Category, Field, Row.ToString("N"));
}

/// <summary>Stores texts as the policy says and reads them as they are.</summary>
internal sealed class TicketContent(DataVault vault, LoadedPolicy policy)
{
    public const string Category = "tickets.content";
    public const string Description = "problem-description";
    public const string Messages = "messages";
    public const string Files = "screenshots";
    public const string UseHandling = "ticket-handling";

    /// <summary>What stands where a text was whose key is gone.</summary>
    public const string Gone = "…";

    public bool IsSealed(string field) => policy.Category(Category).Field(field).Protection == Protection.Sealed;

    public async ValueTask<StoredText> WriteAsync(ContentPlace place, string text, CancellationToken cancellation) =>
        IsSealed(place.Field)
            ? new StoredText.Under(await vault.SealAsync(place.Place, text, cancellation))
            : new StoredText.Plain(text);

    /// <summary>The text; null when its key was destroyed.</summary>
    public async ValueTask<string?> ReadAsync(ContentPlace place, StoredText stored, CancellationToken cancellation) => stored switch
    {
        StoredText.Plain plain => plain.Text,
        StoredText.Under under => await vault.OpenAsync(place.Place, under.Value, UseHandling, cancellation),
        _ => null,
    };
}
