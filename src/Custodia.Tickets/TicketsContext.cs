using Custodia.Kernel.Storage;
using Custodia.Tickets.Attachments;
using Custodia.Tickets.Authorisations;
using Custodia.Tickets.Confidential;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Retention;
using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets;

/// <summary>The tables of this module.</summary>
internal sealed class TicketsContext(DbContextOptions<TicketsContext> options) : ModuleContext("tickets", options)
{
    public DbSet<Ticket> Tickets => Set<Ticket>();

    public DbSet<Message> Messages => Set<Message>();

    public DbSet<Attachment> Attachments => Set<Attachment>();

    public DbSet<Participant> Participants => Set<Participant>();

    public DbSet<AccountSettings> AccountSettings => Set<AccountSettings>();

    public DbSet<RegisteredContact> RegisteredContacts => Set<RegisteredContact>();

    public DbSet<ContactEmail> ContactEmails => Set<ContactEmail>();

    public DbSet<ContactMobile> ContactMobiles => Set<ContactMobile>();

    public DbSet<ContactCode> ContactCodes => Set<ContactCode>();

    public DbSet<Authorisation> Authorisations => Set<Authorisation>();

    public DbSet<ConfidentialNote> ConfidentialNotes => Set<ConfidentialNote>();

    public DbSet<RetiredKey> RetiredKeys => Set<RetiredKey>();

    protected override void Configure(ModelBuilder model)
    {
        Ticket.Configure(model);
        Message.Configure(model);
        Attachment.Configure(model);
        Participant.Configure(model);
        Custodia.Tickets.Tickets.AccountSettings.Configure(model);
        RegisteredContact.Configure(model);
        ContactEmail.Configure(model);
        ContactMobile.Configure(model);
        ContactCode.Configure(model);
        Authorisation.Configure(model);
        ConfidentialNote.Configure(model);
        RetiredKey.Configure(model);
    }
}
