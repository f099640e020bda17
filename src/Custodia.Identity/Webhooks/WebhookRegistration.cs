using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.PersonData;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Webhooks;

/// <summary>Webhooks: what they need and where their endpoints are.</summary>
internal static class WebhookRegistration
{
    public static void AddWebhooks(this ModuleBuilder module)
    {
        var services = module.Services;
        services.AddSingleton<WebhookAudience>().AddSingleton<WebhookSignal>();
        services.AddScoped<WebhookRules>().AddScoped<WebhookRegistry>().AddScoped<DeliveryLog>();
        services.AddScoped<WebhookQueue>().AddScoped<WebhookSender>();
        services.AddScoped<IPersonData, WebhookData>();
        services.AddHostedService<WebhookWorker>();
        services.AddSingleton(new DirectorySection(WebhookPages.Section, () => WebhookTexts.Of("Tab"), 70, Permissions.DirectoriesRead));
        foreach (var (code, tone) in WebhookPages.Notes) services.AddSingleton(new NoticeText(code, () => WebhookTexts.Of("Note_" + code), tone));
        module.AddSubscriber<WebhookIntake>();
        module.AddRetentionRule<DeliveryAge>().AddRetentionRule<WebhookTermination>();
    }

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapWebhooksApi();
        routes.MapWebhookPages();
    }
}
