using System.Security.Cryptography;
using System.Text;
using Custodia.Kernel.Access;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Delivery;
using Custodia.Kernel.Vault;
using Custodia.Tickets.Retention;
using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Contacts;

/// <summary>
/// A contact other than the registered one counts only after its code came back: 6 digits, 5 minutes, 5 tries, one use.
/// Until then it is kept apart, sealed, and forgotten within a day.
/// </summary>
internal sealed class ContactVerification(TicketsContext context, DataVault vault, OutgoingMessages outgoing, Forgetting forgetting, TimeProvider time)
{
    public const int CodesAnHour = 5;
    private const string Use = "verification";

    /// <summary>Sends a code to an address or number that the person typed.</summary>
    public async Task<ContactOutcome> SendAsync(Caller caller, Ticket ticket, ContactKind kind, string? typed, CancellationToken cancellation)
    {
        if (Transitions.IsClosed(ticket.State)) return new ContactOutcome.Closed();
        var field = FieldOf(kind);
        if (!ContactForm.TryNormalise(kind, typed, out var contact)) return new ContactOutcome.Invalid(field, ContactForm.RuleOf(kind));
        if (caller.Person is not { } person) return new ContactOutcome.Invalid(field, "needs a person");
        if (await IsRegisteredAsync(ticket.Account, person, kind, contact, cancellation)) return new ContactOutcome.IsRegistered();
        var now = time.GetUtcNow();
        var since = now.AddHours(-1);
        var sent = await context.ContactCodes.CountAsync(c => c.Account == ticket.Account && c.Person == person && c.CreatedAt > since, cancellation);
        if (sent >= CodesAnHour) return new ContactOutcome.TooMany();
        var code = await MakeAsync(ticket, person, kind, contact, now, cancellation);
        var message = MessageOf(new Subject(ticket.Account, person), kind, contact, code.Secret);
        await context.InTransactionAsync(
            async token =>
            {
                // A new code makes the older ones of its kind useless; their rows stay to be counted, their time is over.
                await context.ContactCodes.Where(c => c.TicketId == ticket.Id && c.Kind == kind)
                    .ExecuteUpdateAsync(set => set.SetProperty(c => c.Tries, ContactCode.MostTries), token);
                context.ContactCodes.Add(code.Row);
                await outgoing.AddAsync(context, message, token);
                await context.SaveChangesAsync(token);
            },
            cancellation);
        return new ContactOutcome.Sent(code.Row.ExpiresAt);
    }

    /// <summary>Takes the code. Of parallel tries with the right code one succeeds.</summary>
    public async Task<ContactOutcome> VerifyAsync(Caller caller, Ticket ticket, ContactKind kind, string? typed, CancellationToken cancellation)
    {
        if (Transitions.IsClosed(ticket.State)) return new ContactOutcome.Closed();
        var entered = new string([.. (typed ?? "").Normalize(NormalizationForm.FormKC).Where(char.IsAsciiDigit)]);
        if (entered.Length != 6) return new ContactOutcome.Invalid("code", "must be 6 digits");
        var notBefore = time.GetUtcNow() - ContactCode.Lifetime;
        var row = await context.ContactCodes.AsNoTracking()
            .Where(c => c.TicketId == ticket.Id && c.Kind == kind && c.Person == caller.Person && c.CreatedAt > notBefore && c.Tries < ContactCode.MostTries)
            .OrderByDescending(c => c.CreatedAt)
            .FirstOrDefaultAsync(cancellation);
        if (row is null) return new ContactOutcome.NoCode();

        // The try is counted before the code is looked at, so parallel guesses do not get more than five.
        var counted = await context.InTransactionAsync(
            token => context.ContactCodes.Where(c => c.Id == row.Id && c.Tries < ContactCode.MostTries)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.Tries, c => c.Tries + 1), token),
            cancellation);
        if (counted == 0) return new ContactOutcome.NoCode();
        var code = await vault.OpenAsync(row.CodePlace, row.Code, Use, cancellation);
        if (code is null || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(code), Encoding.ASCII.GetBytes(entered)))
            return new ContactOutcome.WrongCode(ContactCode.MostTries - row.Tries - 1);
        var contact = await vault.OpenAsync(row.ContactPlace, row.Contact, Use, cancellation);
        if (contact is null) return new ContactOutcome.NoCode();
        var stored = await context.InTransactionAsync(token => KeepAsync(ticket, row, contact, token), cancellation);
        await forgetting.DestroyKeysAsync(cancellation);
        return stored ? new ContactOutcome.Verified() : new ContactOutcome.NoCode();
    }

    /// <summary>The person's button: forget the contact of this ticket.</summary>
    public async Task ForgetAsync(Ticket ticket, ContactKind kind, CancellationToken cancellation)
    {
        await context.InTransactionAsync(
            async token =>
            {
                if (kind == ContactKind.Email) await forgetting.RemoveAsync(context.ContactEmails.Where(c => c.TicketId == ticket.Id), Forgetting.UserRequest, token);
                else await forgetting.RemoveAsync(context.ContactMobiles.Where(c => c.TicketId == ticket.Id), Forgetting.UserRequest, token);
            },
            cancellation);
        await forgetting.DestroyKeysAsync(cancellation);
    }

    public static string FieldOf(ContactKind kind) => kind == ContactKind.Email ? ContactEmail.Field : ContactMobile.Field;

    private async Task<bool> IsRegisteredAsync(long account, Guid person, ContactKind kind, string contact, CancellationToken cancellation)
    {
        var index = await vault.IndexAsync(account, RegisteredContact.Category, FieldOf(kind), contact, cancellation);
        return kind == ContactKind.Email
            ? await context.RegisteredContacts.AnyAsync(c => c.Person == person && c.EmailIndex == index, cancellation)
            : await context.RegisteredContacts.AnyAsync(c => c.Person == person && c.MobileIndex == index, cancellation);
    }

    private async Task<(ContactCode Row, string Secret)> MakeAsync(Ticket ticket, Guid person, ContactKind kind, string contact, DateTimeOffset now, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7(now);
        var secret = RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
        var place = new Place(SecretKeys.Of(ticket.Account, id), ContactCode.Category, "contact", id.ToString("N"));
        return (
            new ContactCode
            {
                Id = id,
                Account = ticket.Account,
                TicketId = ticket.Id,
                Person = person,
                Kind = kind,
                Contact = await vault.SealAsync(place, contact, cancellation),
                Code = await vault.SealAsync(place with { Field = "code" }, secret, cancellation),
                CreatedAt = now,
            },
            secret);
    }

    private static OutgoingMessage MessageOf(Subject to, ContactKind kind, string contact, string code) => new(
        kind == ContactKind.Email ? Channel.Mail : Channel.Sms,
        to,
        contact,
        kind == ContactKind.Email ? Texts.Of("CodeSubject") : "",
        Texts.Of("CodeText", code),
        "tickets.code");

    // The code's row goes in the same transaction: deleted once, so used once.
    private async Task<bool> KeepAsync(Ticket ticket, ContactCode row, string contact, CancellationToken cancellation)
    {
        var open = await context.Tickets.AnyAsync(t => t.Id == ticket.Id && !Transitions.Closed.Contains(t.State), cancellation);
        if (!open || await forgetting.RemoveAsync(context.ContactCodes.Where(c => c.Id == row.Id), Forgetting.UserRequest, cancellation) == 0) return false;
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var field = FieldOf(row.Kind);
        var category = row.Kind == ContactKind.Email ? ContactEmail.Category : ContactMobile.Category;
        var value = await vault.SealAsync(new Place(SecretKeys.Of(row.Account, id), category, field, id.ToString("N")), contact, cancellation);
        var index = await vault.IndexAsync(row.Account, category, field, contact, cancellation);
        if (row.Kind == ContactKind.Email)
        {
            await forgetting.RemoveAsync(context.ContactEmails.Where(c => c.TicketId == ticket.Id), Forgetting.UserRequest, cancellation);
            context.ContactEmails.Add(new ContactEmail { Id = id, Account = row.Account, TicketId = ticket.Id, Person = row.Person, Email = value, EmailIndex = index, VerifiedAt = now });
        }
        else
        {
            await forgetting.RemoveAsync(context.ContactMobiles.Where(c => c.TicketId == ticket.Id), Forgetting.UserRequest, cancellation);
            context.ContactMobiles.Add(new ContactMobile { Id = id, Account = row.Account, TicketId = ticket.Id, Person = row.Person, Mobile = value, MobileIndex = index, VerifiedAt = now });
        }

        await context.SaveChangesAsync(cancellation);
        return true;
    }
}

/// <summary>How a step of the verification ended.</summary>
internal abstract record ContactOutcome
{
    public sealed record Sent(DateTimeOffset ExpiresAt) : ContactOutcome;

    public sealed record Verified : ContactOutcome;

    public sealed record Invalid(string Field, string Rule) : ContactOutcome;

    /// <summary>It is the registered contact: that needs no code, but the person's tick.</summary>
    public sealed record IsRegistered : ContactOutcome;

    public sealed record TooMany : ContactOutcome;

    /// <summary>There is no code to compare with: none sent, too old, used up.</summary>
    public sealed record NoCode : ContactOutcome;

    public sealed record WrongCode(int TriesLeft) : ContactOutcome;

    public sealed record Closed : ContactOutcome;
}
