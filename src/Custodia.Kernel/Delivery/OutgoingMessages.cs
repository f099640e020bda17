using System.Net.Mail;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Delivery;

/// <summary>
/// Mails and SMS to people. A message is stored sealed under its person's key and sent by a worker; while no provider is
/// configured, Development shows it at <c>/outbox</c>. Kept 7 days by policy (<c>kernel.outgoing-message</c>), gone with the person.
/// </summary>
public sealed class OutgoingMessages(DataVault vault, IServiceScopeFactory scopes, TimeProvider time)
{
    private const int MaxSubject = 200;
    private const int MaxMail = 64 * 1024;
    private const int MaxHtml = 256 * 1024;
    private const int MaxSms = 1_000;

    /// <summary>Adds the message to the context, so that it is sent if and only if the change commits.</summary>
    /// <exception cref="ArgumentException">The recipient is no address or number, or subject or text break their limits.</exception>
    /// <exception cref="KeyDestroyedException">The person was erased.</exception>
    public async Task AddAsync(ModuleContext context, OutgoingMessage message, CancellationToken cancellation)
    {
        context.OutgoingMessages.Add(await RowAsync(message, cancellation));
        context.HasNewMessages = true;
    }

    /// <summary>Stores the message by itself.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="ArgumentException">The recipient is no address or number, or subject or text break their limits.</exception>
    /// <exception cref="KeyDestroyedException">The person was erased.</exception>
    public async Task<Guid> SendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        var row = await RowAsync(message, cancellation);
        await using var scope = scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        kernel.OutgoingMessages.Add(row);
        kernel.HasNewMessages = true;
        await kernel.SaveChangesAsync(cancellation);
        return row.Id;
    }

    /// <summary>Mails and SMS that an account has had sent in a calendar month (UTC). Kept when the messages are gone.</summary>
    public async Task<MessageUsage> UsageAsync(long account, int year, int month, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var kernel = scope.ServiceProvider.GetRequiredService<KernelContext>();
        var from = new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero);
        var name = MessageCount.MonthOf(from);
        var until = from.AddMonths(1);
        // One statement, so that a message which is being counted meanwhile is seen once.
        var counts = await kernel.MessageCounts
            .Where(c => c.Account == account && c.Month == name)
            .Select(c => new { c.Channel, c.Count })
            .Concat(kernel.OutgoingMessages
                .Where(m => !m.Counted && m.Account == account && m.CreatedAt >= from && m.CreatedAt < until)
                .GroupBy(m => m.Channel)
                .Select(g => new { Channel = g.Key, Count = g.LongCount() }))
            .ToListAsync(cancellation);
        return new MessageUsage(
            counts.Where(c => c.Channel == Channel.Mail).Sum(c => c.Count),
            counts.Where(c => c.Channel == Channel.Sms).Sum(c => c.Count));
    }

    private async Task<MessageRow> RowAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        Check(message);
        var now = time.GetUtcNow();
        var row = new MessageRow
        {
            Id = Guid.CreateVersion7(now),
            Account = message.To.Account,
            Person = message.To.Person,
            Channel = message.Channel,
            Origin = message.Origin,
            CreatedAt = now,
            NextTryAt = now,
        };
        row.Recipient = await vault.SealAsync(row.Place("recipient"), message.Recipient, cancellation);
        row.Subject = await vault.SealAsync(row.Place("subject"), message.Subject, cancellation);
        row.Text = await vault.SealAsync(row.Place("text"), message.Text, cancellation);
        if (message.Html is { } html) row.Html = await vault.SealAsync(row.Place("html"), html, cancellation);
        return row;
    }

    // The values themselves stay out of the exceptions: they are personal.
    private static void Check(OutgoingMessage message)
    {
        if (message.Channel == Channel.Mail)
        {
            if (!IsMailAddress(message.Recipient)) throw new ArgumentException("The recipient is not a mail address.", nameof(message));
            if (message.Subject.Length is 0 or > MaxSubject || message.Subject.Any(char.IsControl))
                throw new ArgumentException("A subject has 1 to 200 characters and no line breaks.", nameof(message));
        }
        else if (message.Recipient.Length is < 5 or > 20 || message.Recipient.Any(c => !char.IsAsciiDigit(c) && c != '+'))
        {
            throw new ArgumentException("The recipient is not a mobile number.", nameof(message));
        }

        if (System.Text.Encoding.UTF8.GetByteCount(message.Text) > MaxMail || (message.Channel == Channel.Sms && message.Text.Length > MaxSms))
            throw new ArgumentException("The text is too long.", nameof(message));
        if (message.Html is { } html && (message.Channel != Channel.Mail || System.Text.Encoding.UTF8.GetByteCount(html) > MaxHtml))
            throw new ArgumentException("HTML is for mails, up to 256 KiB.", nameof(message));
    }

    /// <summary>One plain address: no display name, no list, nothing that could become a second header.</summary>
    internal static bool IsMailAddress(string text) =>
        text.Length is > 2 and <= 320
        && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is ',' or ';' or '<' or '>')
        && MailAddress.TryCreate(text, out var address)
        && address.Address == text;
}

public enum Channel
{
    Mail,
    Sms,
}

/// <param name="To">Whose message it is; its key seals recipient, subject and text.</param>
/// <param name="Recipient">Mail address or mobile number (digits, leading +).</param>
/// <param name="Subject">Subject of a mail, 1 to 200 characters without line breaks; empty for SMS.</param>
/// <param name="Text">Plain text, up to 64 KiB for a mail, 1,000 characters for an SMS.</param>
/// <param name="Origin">What sent it, e.g. <c>identity.code</c> or <c>integration.flow</c>; counted by it.</param>
public sealed record OutgoingMessage(Channel Channel, Subject To, string Recipient, string Subject, string Text, string Origin)
{
    /// <summary>A mail's HTML document, up to 256 KiB, sent beside the text (RFC 2046, section 5.1.4); null for text alone.</summary>
    public string? Html { get; init; }
}

/// <summary>What an account has used of mails and SMS.</summary>
public sealed record MessageUsage(long Mails, long Sms);
