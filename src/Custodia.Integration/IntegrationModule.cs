using Custodia.Console;
using Custodia.Integration.Api;
using Custodia.Integration.Audit;
using Custodia.Integration.Connectors;
using Custodia.Integration.Contracts;
using Custodia.Integration.Design;
using Custodia.Integration.Engine;
using Custodia.Integration.Erasure;
using Custodia.Integration.Expressions;
using Custodia.Integration.FirstStart;
using Custodia.Integration.Flows;
using Custodia.Integration.Pages;
using Custodia.Integration.Retention;
using Custodia.Integration.Triggers;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Integration;

/// <summary>Integration: flows in projects, deployed onto runtimes, run durably as jobs.</summary>
public sealed class IntegrationModule : IModule
{
    public string Name => "integration";

    public void Add(ModuleBuilder module)
    {
        module.AddContext<IntegrationContext>()
            .AddStream<RunningRecord>()
            .AddStream<AuditRecord>()
            .AddSubscriber<FlowEvents>()
            .AddPermissions(Permissions.All)
            .AddSubjectData<IntegrationSubjectData>()
            .AddRetentionRule<JobAge>()
            .AddRetentionRule<RequestedMetadata>()
            .AddRetentionRule<RequestedDesigns>()
            .AddRetentionRule<Termination>()
            .AddFirstStart<SampleFlow>();
        AddLanguage(module.Services);
        AddEngine(module);
        module.Services.AddSingleton<AuditLog>();
        module.Services.AddScoped<Designs>().AddScoped<Deployments>().AddScoped<JobAnswer>().AddScoped<TriggerCallers>();
        AddLook(module.Services);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapDesignApi();
        routes.MapJobApi();
        routes.MapHttpTriggers();
        routes.MapFlowSchema();
        routes.MapConsolePages();
    }

    private static void AddLook(IServiceCollection services)
    {
        services.AddScoped<FlowPages>().AddScoped<JobPages>().AddScoped<RuntimePages>();
        services.AddSingleton(new NavItem(NavArea.Integration, () => Texts.Of("Flows"), "/console/flows", "flow", 10, Permissions.ReadFlows));
        services.AddSingleton(new NavItem(NavArea.Integration, () => Texts.Of("Jobs"), "/console/jobs", "play", 20, Permissions.ReadJobs));
        services.AddSingleton(new NavItem(NavArea.Integration, () => Texts.Of("Runtimes"), "/console/runtimes", "runtime", 30, Permissions.ReadFlows));
        foreach (var code in ConsolePages.Notices) services.AddSingleton(new NoticeText(code, () => Texts.Of("Note_" + code)));
    }

    private static void AddLanguage(IServiceCollection services)
    {
        services.AddSingleton<ExpressionCache>();
        services.AddSingleton<IOperation, MailSend>();
        services.AddSingleton<IOperation, HttpCall>();
        services.AddSingleton<TicketCreate>().AddSingleton<TicketReply>();
        services.AddSingleton(OperationsOf);
        services.AddSingleton<EventLabels>();
        services.AddSingleton<FlowCheck>();
        services.AddSingleton(provider => new FlowRehearsal(provider.GetRequiredService<FlowCheck>(), provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Tickets is another module and may not be there.</summary>
    private static OperationCatalogue OperationsOf(IServiceProvider provider)
    {
        var tickets = provider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(ITicketIntake));
        var own = provider.GetServices<IOperation>();
        return new OperationCatalogue(tickets ? [.. own, provider.GetRequiredService<TicketCreate>(), provider.GetRequiredService<TicketReply>()] : own);
    }

    private static void AddEngine(ModuleBuilder module)
    {
        var services = module.Services;
        services.AddSingleton<JobSignal>();
        services.AddSingleton<ProgramCache>();
        services.AddSingleton<InstanceNames>();
        services.AddSingleton<RunningLog>();
        services.AddScoped<JobStore>().AddScoped<JobRunner>().AddScoped<JobControl>().AddScoped<ExpressRun>();
        services.AddScoped<DoubtDecision>().AddScoped<JobReveal>().AddScoped<SampleStart>();
        var options = module.Configuration.GetSection(CustodiaOptions.Section)["Roles"] is { } roles ? new CustodiaOptions { Roles = roles } : new CustodiaOptions();
        if (options.HasRole("worker")) services.AddHostedService<JobWorker>();
    }
}
