using Custodia.Console;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Custodia.Tickets.AccessLog;
using Custodia.Tickets.Api;
using Custodia.Tickets.Attachments;
using Custodia.Tickets.Authorisations;
using Custodia.Tickets.Confidential;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Content;
using Custodia.Tickets.Contracts;
using Custodia.Tickets.Desk;
using Custodia.Tickets.Erasure;
using Custodia.Tickets.FirstStart;
using Custodia.Tickets.Notifications;
using Custodia.Tickets.Portal;
using Custodia.Tickets.Retention;
using Custodia.Tickets.Reveals;
using Custodia.Tickets.Screening;
using Custodia.Tickets.Tickets;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Tickets;

/// <summary>Tickets: support requests of people, the portal where they write them, the desk where staff answer.</summary>
public sealed class TicketsModule : IModule
{
    public string Name => "tickets";

    public void Add(ModuleBuilder module)
    {
        module.AddContext<TicketsContext>()
            .AddStream<TicketAccess>()
            .AddEvent<TicketCreated>().AddEvent<TicketUpdated>().AddEvent<TicketClosed>().AddEvent<TicketRated>()
            .AddSubscriber<RegisteredContacts>()
            .AddPermissions(Permissions.All)
            .AddSubjectData<TicketsSubjectData>()
            .AddFirstStart<SampleTickets>();
        AddRetention(module);
        AddFeatures(module.Services);
        AddLook(module.Services);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapTicketApi();
        routes.MapSettingsApi();
        routes.MapAttachments();
        routes.MapPortal();
        routes.MapDesk();
    }

    private static void AddRetention(ModuleBuilder module) => module
        .AddRetentionRule<ContactAgeRule>()
        .AddRetentionRule<TicketClosedRule<ContactEmail>>()
        .AddRetentionRule<UserRequestRule<ContactEmail>>()
        .AddRetentionRule<TicketClosedRule<ContactMobile>>()
        .AddRetentionRule<UserRequestRule<ContactMobile>>()
        .AddRetentionRule<CodeAgeRule>()
        .AddRetentionRule<TicketClosedRule<ContactCode>>()
        .AddRetentionRule<UserRequestRule<ContactCode>>()
        .AddRetentionRule<TicketClosedRule<ConfidentialNote>>()
        .AddRetentionRule<TicketClosedRule<Authorisation>>()
        .AddRetentionRule<GrantExpiredRule>()
        .AddRetentionRule<GrantRevokedRule>()
        .AddRetentionRule<ContentLimitRule>()
        .AddRetentionRule<RecordLimitRule>();

    private static void AddFeatures(IServiceCollection services)
    {
        services.AddSingleton<TicketContent>();
        services.AddSingleton<ScreeningCheck>();
        services.AddSingleton<AttachmentFiles>();
        services.AddSingleton<SignedLinks>();
        services.AddHostedService<OrphanSweep>();
        services.AddScoped<ITicketIntake, TicketIntake>();
        services.AddScoped<TicketReader>().AddScoped<TicketTexts>().AddScoped<Participants>();
        services.AddScoped<CreateTicket>().AddScoped<Reply>().AddScoped<ChangeState>().AddScoped<AssignTicket>().AddScoped<RateTicket>();
        services.AddScoped<ProgressNotice>().AddScoped<ContactVerification>().AddScoped<Grants>();
        services.AddScoped<SealedReader>().AddScoped<RevealSecret>().AddScoped<RevealHistory>();
        services.AddScoped<Forgetting>();
        services.AddScoped<PortalPages>().AddScoped<DeskPages>();
        services.AddScoped<SubjectExportReader>().AddScoped<IdentifierReader>().AddScoped<Deidentification>();
    }

    private static void AddLook(IServiceCollection services)
    {
        services.AddSingleton(new NavItem(NavArea.Tickets, () => Texts.Of("Tickets"), "/console/tickets", "ticket", 10, Permissions.Read));
        foreach (var code in Notices.Codes) services.AddSingleton(new NoticeText(code, () => Texts.Of("Note_" + code)));
    }
}
