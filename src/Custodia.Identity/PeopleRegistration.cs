using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.Branding;
using Custodia.Identity.Callers;
using Custodia.Identity.Codes;
using Custodia.Identity.FirstStart;
using Custodia.Identity.Groups;
using Custodia.Identity.Jobs;
using Custodia.Identity.Logs;
using Custodia.Identity.Merging;
using Custodia.Identity.Passwords;
using Custodia.Identity.PersonData;
using Custodia.Identity.Portal;
using Custodia.Identity.Recovery;
using Custodia.Identity.Registration;
using Custodia.Identity.Retention;
using Custodia.Identity.Rules;
using Custodia.Identity.Scim;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Identity.SignUp;
using Custodia.Identity.Sources;
using Custodia.Identity.Sms;
using Custodia.Identity.Statistics;
using Custodia.Identity.StepUp;
using Custodia.Identity.SubAccounts;
using Custodia.Identity.Templates;
using Custodia.Identity.Users;
using Custodia.Identity.Webhooks;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Custodia.Identity;

/// <summary>What Identity has about people: users, sessions, sign-in and sign-up, logs, statistics, administration.</summary>
internal static class PeopleRegistration
{
    public static void AddPeople(this ModuleBuilder module)
    {
        module.AddStream<AdminAction>().AddStream<ApiInvocation>().AddStream<UserOperation>();
        var services = module.Services;
        services.AddSingleton(Options.Create(IdentityOptions.Read(module.Configuration)));
        services.AddSingleton<PasswordHashes>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<SignInGuard>();
        services.AddSingleton<CountryTable>();
        services.AddScoped<UserProfiles>();
        services.AddScoped<UserLookup>();
        services.AddScoped<UserPasswords>();
        services.AddScoped<UserRegistration>();
        services.AddScoped<StatusEvents>();
        services.AddScoped<UserAccess>();
        services.AddScoped<SessionEvents>();
        services.AddScoped<StatusChanges>();
        services.AddScoped<SessionEnds>();
        services.AddScoped<BrowserSessions>().AddSingleton<LiveSessions>();
        services.AddScoped<OneTimeCodes>();
        module.AddTemplates();
        services.AddScoped<IdentityMails>();
        services.AddScoped<Increments>();
        module.AddSignIn();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<CodeRequest>();
        services.AddScoped<CodeSignIn>();
        services.AddScoped<PendingSignUps>();
        services.AddScoped<SignUpStart>();
        services.AddScoped<SignUpFinish>();
        services.AddScoped<UserOperations>();
        services.AddScoped<ProfileChanges>();
        services.AddScoped<AccountDeletion>();
        AddPortal(services);
        module.AddRegistration();
        module.AddJobs();
        module.AddGroups();
        module.AddScim();
        AddPersonData(module);
        AddFirstStart(module);
        AdministrationRoutes.Add(module);
        module.AddSources();
        module.AddWebhooks();
        module.AddBranding();
        module.AddMerging();
        services.AddScoped<ICallerResolver, CallerResolver>();
        services.AddScoped<IAdminActionLog, AdminActionLog>();
        services.AddScoped<IApiInvocationLog, ApiInvocationLog>();
    }

    private static void AddPortal(IServiceCollection services)
    {
        services.AddScoped<SecurityModels>();
        services.AddScoped<ShownFactorsModel>();
        services.AddScoped<EmailChange>();
        services.AddScoped<EmailSwap>();
        services.AddScoped<PasswordRecheck>();
        services.AddScoped<PasswordReplacement>();
        services.AddScoped<PasswordChange>();
        services.AddScoped<DeletionConfirmation>();
        foreach (var (code, text) in new[]
                 {
                     ("withdrawn", "Note_withdrawn"), ("session-ended", "Note_session-ended"), ("password-changed", "Note_password-changed"),
                     ("email-changed", "Note_email-changed"), ("deletion-opened", "Note_deletion-opened"), ("locked", "Note_locked"),
                     ("unlocked", "Note_unlocked"),
                 })
        {
            services.AddSingleton(new NoticeText(code, () => Texts.Of(text)));
        }

        services.AddSingleton(new NoticeText("frozen", () => UserTexts.Of("Note_frozen")));
        services.AddSingleton(new NoticeText("lifted", () => UserTexts.Of("Note_lifted")));
        services.AddSingleton(new NoticeText("sign-in-again", () => Texts.Of("ReAuthenticate"), Tone.Info));
    }

    private static void AddFirstStart(ModuleBuilder module)
    {
        module.Services.AddScoped<SubAccountRegistration>();
        module.Services.AddScoped<Founders>();
        module.Services.AddScoped<Founding>();
        module.Services.AddScoped<SamplePeople>();
        module.Services.AddScoped<SampleContent>();
        module.AddFirstStart<FirstAccount>();
    }

    private static void AddPersonData(ModuleBuilder module)
    {
        module.Services.AddScoped<IPersonData, UserData>();
        module.Services.AddScoped<IPersonData, SessionData>();
        module.AddSubjectData<IdentitySubjectData>();
        module.AddSubscriber<DeadlineNotice>();
        module.AddRetentionRule<SessionAge>().AddRetentionRule<CodeAge>().AddRetentionRule<SignUpAge>().AddRetentionRule<Dormancy>();
        module.AddRetentionRule<StatisticsTermination>().AddRetentionRule<DirectoryTermination>().AddRetentionRule<AccountTermination>();
    }

    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        routes.MapSignIn();
        routes.MapSecondFactor();
        routes.MapEnrolment();
        routes.MapMagicLink();
        routes.MapSms();
        routes.MapRecovery();
        routes.MapStepUp();
        routes.MapSignInRulesApi();
        routes.MapUserSignIn();
        routes.MapSignInRulesPages();
        routes.MapSignUp();
        routes.MapSources();
        routes.MapWebhooks();
        routes.MapBranding();
        routes.MapTemplates();
        routes.MapMerging();
        routes.MapRegistration();
        routes.MapPortal();
        routes.MapAdministration();
        routes.MapJobs();
        routes.MapGroups();
        routes.MapScim();
    }
}
