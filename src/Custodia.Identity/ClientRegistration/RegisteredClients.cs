using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.ClientRegistration;

/// <summary>Applications that registered themselves, and their changes.</summary>
internal sealed class RegisteredClients(IdentityContext context, ApplicationRegistry registry, RegistrationTokens tokens, ApplicationCache cache, TimeProvider time)
{
    /// <summary>Registers an application with one use of a token; null when no use is left.</summary>
    public async Task<ClientMetadata?> AddAsync(Issuer issuer, RegistrationToken token, MetadataOutcome.Fits fits, CancellationToken cancellation)
    {
        var (text, hash) = OpaqueToken.Create();
        return await context.InTransactionAsync(
            async inside =>
            {
                if (!await tokens.TakeAsync(token, inside)) return null;
                var (application, secret) = await registry.CreateAsync(issuer.DirectoryId, issuer.Account, fits.Kind, fits.Settings, token.CreatedBy, inside);
                application.RegistrationHash = hash;
                await context.SaveChangesAsync(inside);
                return ClientInformation.Of(issuer, application, secret, text);
            },
            cancellation);
    }

    /// <summary>The application that this registration access token manages; null for any other.</summary>
    public async Task<Application?> FindAsync(Issuer issuer, string clientId, string token, CancellationToken cancellation)
    {
        if (!OpaqueToken.Looks(token) || clientId.Length > Application.MaxClientId) return null;
        var hash = OpaqueToken.Hash(token);
        return await context.Applications.SingleOrDefaultAsync(
            a => a.DirectoryId == issuer.DirectoryId && a.ClientId == clientId && a.RegistrationHash == hash && a.Enabled, cancellation);
    }

    /// <summary>Puts new metadata in place of the old; what it leaves out takes its default (RFC 7592 section 2.2).</summary>
    public async Task<UpdateOutcome> UpdateAsync(Issuer issuer, Application application, ClientMetadata metadata, string token, CancellationToken cancellation)
    {
        // Whoever changes its redirects gets its permissions: those are for staff who have them.
        if (application.Permissions.Length > 0) return Refuse("the application has permissions; staff change it");
        if (metadata.ClientId != application.ClientId) return Refuse("client_id is that of the client");
        if (metadata.RegistrationAccessToken is not null || metadata.RegistrationClientUri is not null
            || metadata.ClientIdIssuedAt is not null || metadata.ClientSecretExpiresAt is not null)
            return Refuse("members that the server makes are not sent back");
        if (metadata.ClientSecret is { } secret && !await IsSecretAsync(issuer, application, secret, cancellation)) return Refuse("client_secret is not that of the client");
        var outcome = MetadataRules.Read(metadata);
        if (outcome is not MetadataOutcome.Fits fits) return new UpdateOutcome.Refused(((MetadataOutcome.Refused)outcome).Error);
        if (fits.Kind != application.Kind) return Refuse("application_type and token_endpoint_auth_method cannot turn it into another kind of application");

        // What an administrator has set besides stays: life times, resources, whether it is enabled.
        var settings = Kept(fits.Settings, ApplicationSettings.Of(application));
        var hadSecret = application.HasSecret;
        await registry.UpdateAsync(application, settings, cancellation);
        var fresh = application.HasSecret && !hadSecret ? await registry.RotateSecretAsync(application, TimeSpan.Zero, cancellation) : null;
        return new UpdateOutcome.Done(ClientInformation.Of(issuer, application, fresh, token));
    }

    public Task RemoveAsync(Application application, CancellationToken cancellation) => registry.DeleteAsync(application, cancellation);

    private static ApplicationSettings Kept(ApplicationSettings said, ApplicationSettings had) => said with
    {
        Enabled = had.Enabled,
        Resources = had.Resources,
        ConsentRequired = had.ConsentRequired,
        AccessTokenSeconds = had.AccessTokenSeconds,
        IdTokenSeconds = had.IdTokenSeconds,
        RefreshIdleDays = had.RefreshIdleDays,
        RefreshDays = had.RefreshDays,
        RefreshOverlapSeconds = had.RefreshOverlapSeconds,
        Protocol = said.Protocol! with { AccessTokenFormat = had.Protocol!.AccessTokenFormat, ExchangeFrom = had.Protocol.ExchangeFrom },
    };

    private async Task<bool> IsSecretAsync(Issuer issuer, Application application, string secret, CancellationToken cancellation) =>
        await cache.FindAsync(issuer.DirectoryId, application.ClientId, cancellation) is { } model && model.HasSecret(OpaqueToken.Hash(secret), time.GetUtcNow());

    private static UpdateOutcome.Refused Refuse(string description) => new(new ProtocolError(Errors.InvalidClientMetadata, description));
}

internal abstract record UpdateOutcome
{
    public sealed record Done(ClientMetadata Client) : UpdateOutcome;

    public sealed record Refused(ProtocolError Error) : UpdateOutcome;
}
