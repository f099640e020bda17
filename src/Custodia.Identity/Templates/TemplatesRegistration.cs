using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.Retention;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Templates;

/// <summary>The words of mails and SMS: what they need and where their endpoints are.</summary>
internal static class TemplatesRegistration
{
    public static void AddTemplates(this ModuleBuilder module)
    {
        var services = module.Services;
        services.AddHttpContextAccessor();
        services.AddSingleton<MessageTemplates>().AddScoped<MessageReaders>().AddScoped<DirectoryMessages>();
        services.AddScoped<TemplateChanges>().AddScoped<TestMessages>().AddScoped<TestLimits>();
        services.AddSingleton(new DirectorySection("templates", () => TemplateTexts.Of("Tab"), 62, Permissions.DirectoriesRead));
        services.AddSingleton(new NoticeText("template-reset", () => TemplateTexts.Of("Note_reset")));
        module.AddRetentionRule<TemplateTermination>();
    }

    public static void MapTemplates(this IEndpointRouteBuilder routes)
    {
        routes.MapTemplatesApi();
        routes.MapTemplatePages();
    }
}

/// <summary>When the account ends the service, what its directories have written goes.</summary>
internal sealed class TemplateTermination(IdentityContext database, AccountServices services) : TerminationRule(MessageTemplate.Category, services)
{
    protected override async Task<long> CountAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) =>
        await database.MessageTemplates.LongCountAsync(t => accounts.Contains(t.Account), cancellation)
        + await database.TemplateSettings.LongCountAsync(s => accounts.Contains(s.Account), cancellation);

    protected override async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation)
    {
        var template = await database.MessageTemplates.MinAsync(t => (DateTimeOffset?)t.UpdatedAt, cancellation);
        var settings = await database.TemplateSettings.MinAsync(s => (DateTimeOffset?)s.UpdatedAt, cancellation);
        return settings is null || template < settings ? template : settings;
    }

    protected override Task<int> DeleteAsync(IReadOnlyList<long> accounts, CancellationToken cancellation) => database.InTransactionAsync(
        async token =>
            await database.MessageTemplates.Where(t => accounts.Contains(t.Account)).ExecuteDeleteAsync(token)
            + await database.TemplateSettings.Where(s => accounts.Contains(s.Account)).ExecuteDeleteAsync(token),
        cancellation);
}
