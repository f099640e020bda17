using Custodia.Kernel.Retention;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Keys;

/// <summary>Signing keys that are published no more, with the vault's keys they were sealed under.</summary>
internal sealed class ExpiredKeys(IdentityContext context, KeyStock stock) : IRetentionRule
{
    public string Category => SigningKey.Category;

    public string Trigger => "expired";

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var due = await context.SigningKeys.LongCountAsync(k => k.PublishedUntil <= moment.Now, cancellation);
        var oldest = await context.SigningKeys.OrderBy(k => k.PublishedAt).Select(k => (DateTimeOffset?)k.PublishedAt).FirstOrDefaultAsync(cancellation);
        return new RetentionPreview(due, oldest);
    }

    public Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation) => stock.RemoveExpiredAsync(moment.Now, cancellation);
}
