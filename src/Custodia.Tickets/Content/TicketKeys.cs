using Custodia.Kernel.Vault;

namespace Custodia.Tickets.Content;

/// <summary>The record keys of this module. What goes before its person does has a key of its own, so that it goes from backups too.</summary>
internal static class TicketKeys
{
    public const string ContentKind = "ticket";

    public static KeyId Content(long account, Guid contentKey) => KeyId.Record(account, ContentKind, contentKey);
}
