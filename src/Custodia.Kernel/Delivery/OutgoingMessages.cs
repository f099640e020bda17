using Custodia.Kernel.Deletion;
using Custodia.Kernel.Storage;

namespace Custodia.Kernel.Delivery;

/// <summary>
/// Mails and SMS to people. A message is stored sealed under its person's key and sent by a worker; while no provider is
/// configured, Development shows it at <c>/outbox</c>. Kept 7 days by policy (<c>kernel.outgoing-message</c>), gone with the person.
/// </summary>
public sealed class OutgoingMessages
{
    /// <summary>Adds the message to the context, so that it is sent if and only if the change commits.</summary>
    public Task AddAsync(ModuleContext context, OutgoingMessage message, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Stores the message by itself.</summary>
    /// <returns>Its id.</returns>
    public Task<Guid> SendAsync(OutgoingMessage message, CancellationToken cancellation) => throw new NotImplementedException();
}

public enum Channel
{
    Mail,
    Sms,
}

/// <param name="To">Whose message it is; its key seals recipient, subject and text.</param>
/// <param name="Recipient">Mail address or mobile number.</param>
/// <param name="Subject">Subject of a mail, up to 200 characters without line breaks; empty for SMS.</param>
/// <param name="Text">Plain text, up to 64 KiB for a mail, 1,000 characters for an SMS.</param>
/// <param name="Origin">What sent it, e.g. <c>identity.code</c> or <c>integration.flow</c>; counted by it.</param>
public sealed record OutgoingMessage(Channel Channel, Subject To, string Recipient, string Subject, string Text, string Origin);
