using System.Collections.Concurrent;
using Custodia.Kernel.Http.Outbound;

namespace Custodia.Identity.Sources.Providers;

/// <summary>
/// Discovery documents and keys of providers, kept for an hour. Keys are read again when a token names one that is not there, at
/// most once a minute: a provider that changes keys is followed, a stranger's token does not make us ask all the time.
/// </summary>
internal sealed class ProviderConfigurations(SafeHttpClient http, TimeProvider time)
{
    private const string WellKnown = "/.well-known/openid-configuration";
    private const int MaxDocument = 256 * 1024;
    private const int Capacity = 1000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Kept> _known = new(StringComparer.Ordinal);

    /// <summary>The configuration, from memory where it is young enough.</summary>
    public async Task<ProviderOutcome> FindAsync(string issuer, CancellationToken cancellation) =>
        _known.TryGetValue(issuer, out var kept) && kept.ReadAt + Life > time.GetUtcNow()
            ? new ProviderOutcome.Known(kept.Configuration)
            : await ReadAsync(issuer, cancellation);

    /// <summary>The configuration with a key of this id, if the provider has one by now.</summary>
    public async Task<ProviderOutcome> KnowingAsync(string issuer, string? kid, CancellationToken cancellation)
    {
        var found = await FindAsync(issuer, cancellation);
        if (found is not ProviderOutcome.Known known || kid is null || known.Configuration.Keys.Any(k => k.KeyId == kid)) return found;
        return _known.TryGetValue(issuer, out var kept) && kept.ReadAt + Pause > time.GetUtcNow() ? found : await ReadAsync(issuer, cancellation);
    }

    /// <summary>Asks the provider now.</summary>
    public async Task<ProviderOutcome> ReadAsync(string issuer, CancellationToken cancellation)
    {
        // OpenID Connect Discovery section 4.1: a slash at the end of the issuer goes before the well-known part is added.
        if (await GetAsync(issuer.TrimEnd('/') + WellKnown, cancellation) is not { } document) return new ProviderOutcome.Unusable("discovery-unreachable");
        if (ProviderConfiguration.Parse(issuer, document) is not { } configuration) return new ProviderOutcome.Unusable("discovery-unusable");
        if (await GetAsync(configuration.KeysAddress, cancellation) is not { } set || ProviderConfiguration.ParseKeys(set) is not { Count: > 0 } keys)
            return new ProviderOutcome.Unusable("discovery-keys");
        if (_known.Count >= Capacity) _known.Clear();
        configuration = configuration with { Keys = keys };
        _known[issuer] = new Kept(configuration, time.GetUtcNow());
        return new ProviderOutcome.Known(configuration);
    }

    private async Task<byte[]?> GetAsync(string address, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/json");
        return await http.SendAsync(request, Timeout, MaxDocument, cancellation) is OutboundOutcome.Answered { Status: 200, Body: var body } ? body : null;
    }

    private sealed record Kept(ProviderConfiguration Configuration, DateTimeOffset ReadAt);
}

internal abstract record ProviderOutcome
{
    public sealed record Known(ProviderConfiguration Configuration) : ProviderOutcome;

    /// <param name="Rule"><c>discovery-unreachable</c>, <c>discovery-unusable</c> or <c>discovery-keys</c>.</param>
    public sealed record Unusable(string Rule) : ProviderOutcome;
}
