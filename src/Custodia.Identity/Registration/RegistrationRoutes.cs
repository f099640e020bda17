using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.AgeGates;
using Custodia.Identity.Agreements;
using Custodia.Identity.Bulk;
using Custodia.Identity.Contracts;
using Custodia.Identity.Invitations;
using Custodia.Identity.PersonData;
using Custodia.Identity.SignUp;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Registration;

/// <summary>How people join: what is asked of them, agreements, age gate, invitations.</summary>
internal static class RegistrationRoutes
{
    /// <summary>Called before the user's own data are registered: invitations are found by the address of the user, who goes last.</summary>
    public static void AddRegistration(this ModuleBuilder module)
    {
        var services = module.Services;
        services.AddScoped<AttributeRules>().AddScoped<RegistrationForms>().AddScoped<RegistrationChanges>().AddScoped<OwnAttributes>();
        services.AddSingleton<AgeCheck>();
        services.AddScoped<AgreementStore>().AddScoped<AgreementChanges>();
        services.AddScoped<InvitationStore>().AddScoped<InvitationMail>().AddScoped<InvitedSignUp>();
        services.AddScoped<SignUpEntry>().AddScoped<NewPeople>();
        services.AddScoped<IPersonData, AcceptanceData>().AddScoped<IPersonData, InvitationData>();
        module.AddRetentionRule<RegistrationTermination>().AddRetentionRule<ExpiredInvitations>();
        services.AddScoped<SeededPeople>().AddScoped<SeededRemains>();
        services.AddScoped(provider => new PeopleSeeding(provider.GetRequiredService<SeededPeople>(), provider.GetRequiredService<SeededRemains>()));
        services.AddSingleton(new DirectorySection("registration", () => RegistrationTexts.Of("Title"), 40, Permissions.DirectoriesRead, CustomersOnly: true));
        services.AddSingleton(new DirectorySection("agreements", () => RegistrationTexts.Of("Agreements"), 41, Permissions.DirectoriesRead, CustomersOnly: true));
        services.AddSingleton(new DirectorySection("invitations", () => InvitationTexts.Of("Title"), 42, Permissions.UsersRead, CustomersOnly: true));
        services.AddSingleton(new NoticeText(AgreementPages.Withdrawn, () => RegistrationTexts.Of("Note_withdrawn")));
        services.AddSingleton(new NoticeText(InvitationConsole.Revoked, () => InvitationTexts.Of("Note_revoked")));
    }

    public static void MapRegistration(this IEndpointRouteBuilder routes)
    {
        routes.MapRegistrationApi();
        routes.MapRegistrationConsole();
        routes.MapAgreementsApi();
        routes.MapAgreementConsole();
        routes.MapAgreementPages();
        routes.MapInvitationsApi();
        routes.MapInvitationConsole();
        routes.MapInvitations();
    }
}
