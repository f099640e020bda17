using Custodia.Kernel.Access;

namespace Custodia.Tickets;

/// <summary>What staff may do here. Who may see sealed values is the policy's whitelist besides: these only lead to its door.</summary>
internal static class Permissions
{
    public const string Read = "tickets.tickets.read";
    public const string Write = "tickets.tickets.write";
    public const string Assign = "tickets.tickets.assign";
    public const string RevealContacts = "tickets.contacts.reveal";
    public const string RevealConfidential = "tickets.confidential.reveal";
    public const string RevealAuthorisations = "tickets.authorisations.reveal";
    public const string ReadSettings = "tickets.settings.read";
    public const string WriteSettings = "tickets.settings.write";
    public const string ClearAccessLog = "tickets.access-log.clear";

    public static Permission[] All { get; } =
    [
        new(Read, Role.Owner, Role.Administrator, Role.SupportAgent, Role.SupportLead, Role.Auditor, Role.PrivacyOfficer),
        new(Write, Role.Owner, Role.Administrator, Role.SupportAgent, Role.SupportLead),
        new(Assign, Role.Owner, Role.Administrator, Role.SupportAgent, Role.SupportLead),
        new(RevealContacts, Role.Owner, Role.Administrator, Role.SupportAgent, Role.SupportLead, Role.PrivacyOfficer),
        new(RevealConfidential, Role.Owner, Role.Administrator, Role.SupportAgent, Role.SupportLead),
        new(RevealAuthorisations, Role.Owner, Role.Administrator, Role.SupportAgent, Role.SupportLead),
        new(ReadSettings, Role.Owner, Role.Administrator, Role.SupportLead, Role.Auditor, Role.PrivacyOfficer),
        new(WriteSettings, Role.Owner, Role.Administrator),
        new(ClearAccessLog, Role.Owner, Role.Administrator),
    ];
}
