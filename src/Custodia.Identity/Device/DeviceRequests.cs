using Custodia.Identity.Applications;
using Custodia.Identity.Protocol;
using Custodia.Identity.Sessions;
using Custodia.Identity.Tokens;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Device;

/// <summary>Devices that wait for a person: their requests, and what the person decides.</summary>
internal sealed class DeviceRequests(IdentityContext context, DataVault vault, TimeProvider time)
{
    public const int FirstInterval = 5;

    private const int Tries = 3;

    /// <summary>Stores a request and returns the two codes: the only time they are seen.</summary>
    public async Task<NewDeviceRequest> AddAsync(
        Issuer issuer, ApplicationModel application, IEnumerable<string> scopes, string? resource, CancellationToken cancellation)
    {
        for (var tried = 1; ; tried++)
        {
            var (deviceCode, deviceHash) = OpaqueToken.Create();
            var userCode = UserCode.Create();
            var now = time.GetUtcNow();
            var request = new DeviceRequest
            {
                Id = Guid.CreateVersion7(now),
                Account = issuer.Account,
                DirectoryId = issuer.DirectoryId,
                ApplicationId = application.Id,
                DeviceCodeHash = deviceHash,
                UserCodeHash = await HashAsync(issuer, userCode, cancellation),
                Scopes = Protocol.Scopes.Join(scopes),
                Resource = resource,
                CreatedAt = now,
                ExpiresAt = now + DeviceRequest.Life,
                IntervalSeconds = FirstInterval,
            };
            context.DeviceRequests.Add(request);
            try
            {
                await context.SaveChangesAsync(cancellation);
                return new NewDeviceRequest(deviceCode, userCode);
            }
            catch (DbUpdateException exception) when (tried < Tries && UniqueConflict.Caused(exception))
            {
                // Another device has this code right now.
                context.Entry(request).State = EntityState.Detached;
            }
        }
    }

    /// <summary>The request that waits for a decision under this code; null when there is none in this directory.</summary>
    public async Task<DeviceRequest?> FindAsync(Issuer issuer, string userCode, CancellationToken cancellation)
    {
        var hash = await HashAsync(issuer, userCode, cancellation);
        var now = time.GetUtcNow();
        return await context.DeviceRequests.AsNoTracking().SingleOrDefaultAsync(
            r => r.DirectoryId == issuer.DirectoryId && r.UserCodeHash == hash && r.DecidedAt == null && r.ExpiresAt > now, cancellation);
    }

    /// <summary>The enabled application behind a request; null when it is gone or may not use devices any more.</summary>
    public async Task<ApplicationModel?> ApplicationAsync(DeviceRequest request, ApplicationCache applications, CancellationToken cancellation)
    {
        var clientId = await context.Applications.Where(a => a.Id == request.ApplicationId).Select(a => a.ClientId).SingleOrDefaultAsync(cancellation);
        var application = await applications.FindAsync(request.DirectoryId, clientId, cancellation);
        return application is { DeviceGrant: true } ? application : null;
    }

    /// <summary>Lets the device in, as the person of this session. False when it was decided or ran out meanwhile.</summary>
    public Task<bool> AllowAsync(DeviceRequest request, ApplicationModel application, LiveSession live, CancellationToken cancellation) =>
        context.InTransactionAsync(
            async token =>
            {
                var now = time.GetUtcNow();
                var grant = GrantOf(request, application, live, now);
                if (!await DecideAsync(request, grant.Id, now, token)) return false;
                context.Grants.Add(grant);
                await context.SaveChangesAsync(token);
                return true;
            },
            cancellation);

    public Task<bool> RefuseAsync(DeviceRequest request, CancellationToken cancellation) =>
        context.InTransactionAsync(token => DecideAsync(request, null, time.GetUtcNow(), token), cancellation);

    // Of several decisions at the same time one changes the row.
    private async Task<bool> DecideAsync(DeviceRequest request, Guid? grant, DateTimeOffset now, CancellationToken cancellation) =>
        await context.DeviceRequests
            .Where(r => r.Id == request.Id && r.DecidedAt == null && r.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.DecidedAt, now).SetProperty(r => r.GrantId, grant), cancellation) > 0;

    private static Grant GrantOf(DeviceRequest request, ApplicationModel application, LiveSession live, DateTimeOffset now)
    {
        var offline = Protocol.Scopes.Split(request.Scopes).Contains(Protocol.Scopes.OfflineAccess, StringComparer.Ordinal);
        return new Grant
        {
            Id = Guid.CreateVersion7(now),
            Account = request.Account,
            DirectoryId = request.DirectoryId,
            ApplicationId = request.ApplicationId,
            UserId = live.User.Id,
            SessionId = live.Session.Id,
            SecurityStamp = live.User.SecurityStamp,
            Scopes = request.Scopes,
            Resource = request.Resource,
            IdTokenClaims = "",
            UserinfoClaims = "",
            AuthTime = live.Session.AuthTime,
            Amr = live.Session.Amr,
            Acr = live.Session.Acr,
            CodeHash = request.GrantCodeHash(),
            CodeExpiresAt = request.ExpiresAt,
            RedirectUri = "",
            CodeChallenge = "",
            CreatedAt = now,
            ExpiresAt = offline ? now + application.RefreshLife : request.ExpiresAt + application.AccessTokenLife,
        };
    }

    private ValueTask<byte[]> HashAsync(Issuer issuer, string userCode, CancellationToken cancellation) =>
        vault.IndexAsync(issuer.Account, DeviceRequest.Category, "user-code-hash", $"{issuer.DirectoryId:N}/{userCode}", cancellation);
}

/// <summary>A request that was just made.</summary>
internal sealed record NewDeviceRequest(string DeviceCode, string UserCode)
{
    /// <summary>Never the codes.</summary>
    public override string ToString() => "(device request)";
}
