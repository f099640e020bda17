using Custodia.Kernel.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Messaging;

internal static class MessagingRegistration
{
    public static void AddMessaging(this ModuleBuilder kernel, CustodiaOptions options)
    {
        kernel.Services.AddSingleton<Outbox>();
        kernel.Services.AddSingleton<EventCourier>();
        kernel.AddRetentionRule<EventAge>();
        if (options.HasRole("worker")) kernel.Services.AddHostedService<OutboxDispatcher>();
    }
}
