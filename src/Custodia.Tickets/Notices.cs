namespace Custodia.Tickets;

/// <summary>What a page says after a form was posted.</summary>
internal static class Notices
{
    public const string Opened = "ticket-opened";
    public const string Replied = "ticket-replied";
    public const string Changed = "ticket-changed";
    public const string CodeSent = "ticket-code-sent";
    public const string ContactVerified = "ticket-contact-verified";
    public const string ContactForgotten = "ticket-contact-forgotten";
    public const string Kept = "ticket-confidential-kept";
    public const string Granted = "ticket-granted";
    public const string Revoked = "ticket-revoked";
    public const string Rated = "ticket-rated";
    public const string Assigned = "ticket-assigned";
    public const string Removed = "ticket-removed";

    public static IReadOnlyList<string> Codes { get; } =
        [Opened, Replied, Changed, CodeSent, ContactVerified, ContactForgotten, Kept, Granted, Revoked, Rated, Assigned, Removed];
}
