using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Custodia.Kernel.Delivery;

internal static class DeliveryRegistration
{
    public static void AddDelivery(this ModuleBuilder kernel, CustodiaOptions options)
    {
        var services = kernel.Services;
        services.AddSingleton<OutgoingMessages>();
        if (!string.IsNullOrEmpty(options.Delivery.Smtp.Host)) services.AddSingleton<IMessageProvider, SmtpProvider>();
        if (!string.IsNullOrEmpty(options.Delivery.Sms.Url)) services.AddSingleton<IMessageProvider, SmsGateway>();
        services.AddSingleton<MessageCarrier>();
        kernel.AddRetentionRule<MessageAge>();
        if (options.HasRole("worker")) services.AddHostedService<MessageWorker>();
        if (kernel.Environment.IsDevelopment())
            services.AddScoped(provider => new DevelopmentOutbox(provider.GetRequiredService<KernelContext>(), provider.GetRequiredService<DataVault>()));
    }
}
