using System.Security.Cryptography;
using Custodia.Identity.Protocol;
using Custodia.Identity.Statistics;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Applications;

/// <summary>Makes and changes applications; the settings have been checked by <see cref="ApplicationRules"/>.</summary>
internal sealed class ApplicationRegistry(IdentityContext context, ApplicationCache cache, Increments increments, TimeProvider time)
{
    /// <summary>How long an old secret works beside the new one.</summary>
    public static readonly TimeSpan SecretOverlap = TimeSpan.FromDays(1);

    private const string ClientIdAlphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>Adds an application and saves.</summary>
    /// <param name="createdBy"><c>uin</c> of the sub-account; 0 for the server.</param>
    /// <returns>The application and, for kinds that have one, its secret: the only time it is seen.</returns>
    public async Task<(Application Application, string? Secret)> CreateAsync(
        Guid directory, long account, ApplicationKind kind, ApplicationSettings settings, long createdBy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var application = new Application
        {
            Id = Guid.CreateVersion7(now),
            Account = account,
            DirectoryId = directory,
            ClientId = "app-" + RandomNumberGenerator.GetString(ClientIdAlphabet, 20),
            Name = settings.Name!,
            Kind = kind,
            SigningAlgorithm = settings.SigningAlgorithm!,
            CreatedBy = createdBy,
            CreatedAt = now,
            UpdatedAt = now,
        };
        settings.ApplyTo(application);
        context.Applications.Add(application);
        var secret = application.HasSecret ? AddSecret(application, now) : null;
        await context.InTransactionAsync(
            async token =>
            {
                await context.SaveChangesAsync(token);
                await increments.ApplicationsAsync(account, directory, 1, token);
            },
            cancellation);
        return (application, secret);
    }

    public async Task UpdateAsync(Application application, ApplicationSettings settings, CancellationToken cancellation)
    {
        settings.ApplyTo(application);
        application.UpdatedAt = time.GetUtcNow();
        await context.InTransactionAsync(
            async token =>
            {
                await context.SaveChangesAsync(token);
                // A secret that is not asked for any more must not come back with a later change of mind.
                if (!application.HasSecret) await context.ApplicationSecrets.Where(s => s.ApplicationId == application.Id).ExecuteDeleteAsync(token);
            },
            cancellation);
        cache.Forget(application);
    }

    /// <summary>Gives the application a new secret. Older ones work on for <paramref name="overlap"/>.</summary>
    public async Task<string> RotateSecretAsync(Application application, TimeSpan overlap, CancellationToken cancellation)
    {
        var secret = await context.AloneAsync(
            $"secrets/{application.Id:N}",
            async token =>
            {
                var now = time.GetUtcNow();
                var end = now + overlap;
                await context.ApplicationSecrets.Where(s => s.ApplicationId == application.Id && s.ExpiresAt != null && s.ExpiresAt <= now).ExecuteDeleteAsync(token);
                await context.ApplicationSecrets
                    .Where(s => s.ApplicationId == application.Id && (s.ExpiresAt == null || s.ExpiresAt > end))
                    .ExecuteUpdateAsync(set => set.SetProperty(s => s.ExpiresAt, end), token);
                var text = AddSecret(application, now);
                await context.SaveChangesAsync(token);
                return text;
            },
            cancellation);
        cache.Forget(application);
        return secret;
    }

    /// <summary>Removes the application with its secrets, grants, tokens and consents.</summary>
    public async Task DeleteAsync(Application application, CancellationToken cancellation)
    {
        await context.InTransactionAsync(
            async token =>
            {
                await context.RefreshTokens
                    .Where(r => context.Grants.Any(g => g.Id == r.GrantId && g.ApplicationId == application.Id))
                    .ExecuteDeleteAsync(token);
                await context.OpaqueAccessTokens.Where(t => t.ApplicationId == application.Id).ExecuteDeleteAsync(token);
                await context.Grants.Where(g => g.ApplicationId == application.Id).ExecuteDeleteAsync(token);
                await context.DeviceRequests.Where(r => r.ApplicationId == application.Id).ExecuteDeleteAsync(token);
                await context.SessionApplications.Where(s => s.ApplicationId == application.Id).ExecuteDeleteAsync(token);
                await context.Consents.Where(c => c.ApplicationId == application.Id).ExecuteDeleteAsync(token);
                await context.ApplicationSecrets.Where(s => s.ApplicationId == application.Id).ExecuteDeleteAsync(token);
                await context.ApplicationSignInRules.Where(r => r.ApplicationId == application.Id).ExecuteDeleteAsync(token);
                var deleted = await context.Applications.Where(a => a.Id == application.Id).ExecuteDeleteAsync(token);
                await increments.ApplicationsAsync(application.Account, application.DirectoryId, -deleted, token);
            },
            cancellation);
        cache.Forget(application);
    }

    private string AddSecret(Application application, DateTimeOffset now)
    {
        var (text, hash) = OpaqueToken.Create();
        context.ApplicationSecrets.Add(new ApplicationSecret
        {
            Id = Guid.CreateVersion7(now),
            Account = application.Account,
            ApplicationId = application.Id,
            SecretHash = hash,
            CreatedAt = now,
        });
        return text;
    }
}
