using Custodia.Kernel.Vault;

namespace Custodia.Tickets.Contacts;

/// <summary>
/// Something sealed that is lent to one ticket and dies with it. Each row has a key of its own: destroying it takes the value
/// out of every backup, long before its person goes.
/// </summary>
internal interface ITicketSecret
{
    /// <summary>Policy category id.</summary>
    static abstract string PolicyCategory { get; }

    Guid Id { get; }

    long Account { get; }

    Guid TicketId { get; }

    Guid Person { get; }

    /// <summary>Name of the property that says since when it is held.</summary>
    static abstract string HeldSince { get; }
}

internal static class SecretKeys
{
    public const string Kind = "ticket-secret";

    public static KeyId Of(ITicketSecret secret) => Of(secret.Account, secret.Id);

    public static KeyId Of(long account, Guid id) => KeyId.Record(account, Kind, id);

    public static Place Place<T>(T secret, string field)
        where T : ITicketSecret =>
        new(Of(secret), T.PolicyCategory, field, secret.Id.ToString("N"));
}
