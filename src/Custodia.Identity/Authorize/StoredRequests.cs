using System.Text.Json;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Authorize;

/// <summary>Keeps requests that wait for a person.</summary>
internal sealed class StoredRequests(IdentityContext context, DataVault vault, TimeProvider time)
{
    private const string Use = "sign-in";

    /// <summary>Stores the parameters and returns the id for the browser.</summary>
    public Task<string> AddAsync(Issuer issuer, Parameters parameters, CancellationToken cancellation) =>
        AddAsync(issuer, parameters, StoredRequest.Life, pushedBy: null, cancellation);

    public async Task<string> AddAsync(Issuer issuer, Parameters parameters, TimeSpan life, Guid? pushedBy, CancellationToken cancellation)
    {
        var (id, hash) = OpaqueToken.Create();
        var now = time.GetUtcNow();
        var request = new StoredRequest
        {
            RequestHash = hash,
            Account = issuer.Account,
            DirectoryId = issuer.DirectoryId,
            CreatedAt = now,
            ExpiresAt = now + life,
            PushedBy = pushedBy,
        };
        var json = JsonSerializer.Serialize(parameters.Values, StoredParametersJson.Default.IReadOnlyDictionaryStringString);
        request.Parameters = await vault.SealAsync(request.ParametersPlace, json, cancellation);
        context.StoredRequests.Add(request);
        await context.SaveChangesAsync(cancellation);
        return id;
    }

    /// <summary>The request with this id, while it waits; null when it is unknown, too old or of another directory.</summary>
    public Task<PendingRequest?> FindAsync(Issuer issuer, string? id, CancellationToken cancellation) =>
        FindPushedAsync(issuer, id, pushedBy: null, cancellation);

    /// <summary>The same for a request that an application pushed and has not used.</summary>
    public async Task<PendingRequest?> FindPushedAsync(Issuer issuer, string? id, Guid? pushedBy, CancellationToken cancellation)
    {
        if (!OpaqueToken.Looks(id)) return null;
        var hash = OpaqueToken.Hash(id!);
        var now = time.GetUtcNow();
        var request = await context.StoredRequests.AsNoTracking()
            .SingleOrDefaultAsync(r => r.RequestHash == hash && r.DirectoryId == issuer.DirectoryId && r.PushedBy == pushedBy && r.ExpiresAt > now, cancellation);
        if (request is null) return null;
        var json = await vault.OpenAsync(request.ParametersPlace, request.Parameters, Use, cancellation);
        if (json is null) return null;
        return new PendingRequest(id!, request, new Parameters(JsonSerializer.Deserialize(json, StoredParametersJson.Default.DictionaryStringString)!));
    }

    public Task ConsentAsync(StoredRequest request, Guid person, CancellationToken cancellation) =>
        context.InTransactionAsync(
            token => context.StoredRequests.Where(r => r.RequestHash == request.RequestHash)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.ConsentBy, person), token),
            cancellation);

    /// <summary>Forgets a request that has been answered.</summary>
    public Task RemoveAsync(StoredRequest request, CancellationToken cancellation) =>
        context.InTransactionAsync(
            token => context.StoredRequests.Where(r => r.RequestHash == request.RequestHash).ExecuteDeleteAsync(token),
            cancellation);
}

/// <summary>A stored request with its parameters opened.</summary>
/// <param name="Id">What the browser carries.</param>
internal sealed record PendingRequest(string Id, StoredRequest Stored, Parameters Parameters);

[System.Text.Json.Serialization.JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class StoredParametersJson : System.Text.Json.Serialization.JsonSerializerContext;
