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
        kernel.AddRetentionRule<MessageAge>();
        if (options.HasRole("worker"))
        {
            services.AddHostedService<MessageCounter>();
            if (!string.IsNullOrEmpty(options.Delivery.Smtp.Host)) services.AddWorker<SmtpProvider>();
            if (!string.IsNullOrEmpty(options.Delivery.Sms.Url)) services.AddWorker<SmsGateway>();
        }

        if (kernel.Environment.IsDevelopment())
            services.AddScoped(provider => new DevelopmentOutbox(provider.GetRequiredService<KernelContext>(), provider.GetRequiredService<DataVault>()));
    }

    private static void AddWorker<TProvider>(this IServiceCollection services)
        where TProvider : IMessageProvider =>
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<MessageWorker>(
            provider, ActivatorUtilities.CreateInstance<MessageCarrier>(provider, ActivatorUtilities.CreateInstance<TProvider>(provider))));
}
