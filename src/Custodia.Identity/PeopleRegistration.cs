using Custodia.Identity.Callers;
using Custodia.Identity.Codes;
using Custodia.Identity.Logs;
using Custodia.Identity.Passwords;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Identity.SignUp;
using Custodia.Identity.Statistics;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity;

/// <summary>What Identity has about people: users, sessions, sign-in and sign-up, logs, statistics, administration.</summary>
internal static class PeopleRegistration
{
    public static void AddPeople(this ModuleBuilder module)
    {
        module.AddStream<AdminAction>().AddStream<ApiInvocation>().AddStream<UserOperation>();
        var services = module.Services;
        services.Configure<IdentityOptions>(module.Configuration.GetSection(IdentityOptions.Section));
        services.AddSingleton<PasswordHashes>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<SignInGuard>();
        services.AddSingleton<CountryTable>();
        services.AddScoped<UserProfiles>();
        services.AddScoped<UserLookup>();
        services.AddScoped<UserPasswords>();
        services.AddScoped<UserRegistration>();
        services.AddScoped<UserAccess>();
        services.AddScoped<BrowserSessions>();
        services.AddScoped<OneTimeCodes>();
        services.AddScoped<IdentityMails>();
        services.AddScoped<Increments>();
        services.AddScoped<SignInCompletion>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<CodeRequest>();
        services.AddScoped<CodeSignIn>();
        services.AddScoped<PendingSignUps>();
        services.AddScoped<SignUpStart>();
        services.AddScoped<SignUpFinish>();
        services.AddScoped<UserOperations>();
        services.AddScoped<ICallerResolver, CallerResolver>();
        services.AddScoped<IAdminActionLog, AdminActionLog>();
        services.AddScoped<IApiInvocationLog, ApiInvocationLog>();
    }

    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        routes.MapSignIn();
        routes.MapSignUp();
    }
}
