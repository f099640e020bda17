using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy.InForce;
using Custodia.Kernel.Policy.Review;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Policy;

internal static class PolicyRegistration
{
    /// <summary>Registers the policy (<see cref="LoadedPolicy"/>, <see cref="PolicyInForce"/>), its live figures and its check at start.</summary>
    public static void AddPolicy(this ModuleBuilder kernel)
    {
        var services = kernel.Services;
        services.AddSingleton(provider => PolicySource.Load(provider.GetRequiredService<IOptions<CustodiaOptions>>().Value));
        services.AddSingleton(provider => provider.GetRequiredService<PolicySource>().Policy);
        services.AddSingleton<ConfirmationStore>();
        services.AddSingleton(provider => new PolicyInForce(
            provider.GetRequiredService<ConfirmationStore>(),
            provider.GetRequiredService<PolicySource>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new LiveFigureBoard(
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LiveFigureBoard>>()));
        services.AddScoped<ILiveFigures, RetentionFigures>();
        services.AddScoped(provider => new PolicyReview(
            provider.GetRequiredService<PolicyInForce>(),
            provider.GetRequiredService<RetentionRunner>(),
            provider.GetRequiredService<IOptions<CustodiaOptions>>(),
            provider));
        services.AddSingleton<PolicyDocuments>();
        services.AddSingleton<IStartStep, PolicyStep>();
        kernel.AddShape<PolicyConfirmation>();
        kernel.AddShape<LogEnvelope>();
        kernel.AddPermissions(
            new Permission(PolicyAccess.Read, Role.Owner, Role.PrivacyOfficer, Role.Auditor),
            new Permission(PolicyAccess.Confirm, Role.Owner, Role.PrivacyOfficer));
    }
}
