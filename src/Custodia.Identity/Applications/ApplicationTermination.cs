using Custodia.Identity.Keys;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Applications;

/// <summary>When the account ends the service, its applications go with everything they hold.</summary>
internal sealed class ApplicationTermination(IdentityContext context, AccountServices services, ApplicationRegistry registry) : IRetentionRule
{
    private const int Batch = 500;

    public string Category => Application.Category;

    public string Trigger => "service-terminated";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var ended = await services.TerminatedAsync("identity", moment.Now, cancellation);
        return new RetentionPreview(
            ended.Count == 0 ? 0 : await context.Applications.LongCountAsync(a => ended.Contains(a.Account), cancellation),
            await context.Applications.OrderBy(a => a.CreatedAt).Select(a => (DateTimeOffset?)a.CreatedAt).FirstOrDefaultAsync(cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var ended = await services.TerminatedAsync("identity", moment.Now, cancellation);
        if (ended.Count == 0) return 0;
        var all = 0;
        while (await context.Applications.Where(a => ended.Contains(a.Account)).OrderBy(a => a.Id).Take(Batch).ToListAsync(cancellation) is { Count: > 0 } due)
        {
            foreach (var application in due) await registry.DeleteAsync(application, cancellation);
            all += due.Count;
        }

        return all;
    }
}

/// <summary>When the account ends the service, its signing keys go, with the vault's keys they were sealed under.</summary>
internal sealed class SigningKeyTermination(IdentityContext context, AccountServices services, KeyStock stock) : IRetentionRule
{
    public string Category => SigningKey.Category;

    public string Trigger => "service-terminated";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var ended = await services.TerminatedAsync("identity", moment.Now, cancellation);
        return new RetentionPreview(
            ended.Count == 0 ? 0 : await context.SigningKeys.LongCountAsync(k => ended.Contains(k.Account), cancellation),
            await context.SigningKeys.OrderBy(k => k.PublishedAt).Select(k => (DateTimeOffset?)k.PublishedAt).FirstOrDefaultAsync(cancellation));
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var ended = await services.TerminatedAsync("identity", moment.Now, cancellation);
        if (ended.Count == 0) return 0;
        return await stock.RemoveAsync(context.SigningKeys.Where(k => ended.Contains(k.Account)), "service terminated", cancellation);
    }
}
