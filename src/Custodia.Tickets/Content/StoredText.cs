using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Custodia.Tickets.Content;

/// <summary>
/// Text of a ticket as it is stored: plain, or under the ticket's key. The policy's <c>protection</c> decides when it is written;
/// it is read as what it is, so switching the policy leaves older texts readable.
/// </summary>
internal abstract record StoredText
{
    // No text begins with it: control characters never get in (see FreeText).
    private const string SealedMark = "\u0001sealed:";

    public sealed record Plain(string Text) : StoredText
    {
        public override string ToString() => "(text)";
    }

    public sealed record Under(Sealed<string> Value) : StoredText;

    public string ToStored() => this switch
    {
        Plain plain => plain.Text,
        Under under => SealedMark + Convert.ToBase64String(under.Value.Envelope.Span),
        _ => throw new InvalidOperationException("Not a stored text."),
    };

    public static StoredText FromStored(string stored) =>
        stored.StartsWith(SealedMark, StringComparison.Ordinal)
            ? new Under(new Sealed<string>(Convert.FromBase64String(stored[SealedMark.Length..])))
            : new Plain(stored);
}

internal sealed class StoredTextConverter() : ValueConverter<StoredText, string>(
    text => text.ToStored(),
    stored => StoredText.FromStored(stored));
