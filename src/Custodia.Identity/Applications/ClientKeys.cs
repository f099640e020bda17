using System.Collections.Concurrent;
using System.Text.Json;
using Custodia.Kernel.Http.Outbound;

namespace Custodia.Identity.Applications;

/// <summary>
/// The keys of applications that authenticate with them: by value from their settings, or from their <c>jwks_uri</c>. A fetched set
/// is kept for <see cref="Fresh"/>; a key that is not in it is looked for again, but not more often than each <see cref="Pause"/>,
/// so that nobody can make this server call another one in a loop.
/// </summary>
internal sealed class ClientKeys(SafeHttpClient http, TimeProvider time)
{
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private const int MaxBytes = 64 * 1024;
    private const int MaxDepth = 8;
    private const int MaxEntries = 1000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Uri, Entry> _fetched = new();

    /// <summary>The application's keys that may have this id; null when there are none to be had.</summary>
    /// <param name="kid">As the assertion names it; null when it names none.</param>
    public async ValueTask<ClientKeySet?> FindAsync(ApplicationModel application, string? kid, CancellationToken cancellation)
    {
        if (application.JwksUri is not { } address) return application.Keys;
        if (_fetched.Count >= MaxEntries) _fetched.Clear();
        var entry = _fetched.GetOrAdd(address, static _ => new Entry());
        if (entry.Has(kid) && time.GetElapsedTime(entry.FetchedAt) < Fresh) return entry.Keys;
        await entry.Turn.WaitAsync(cancellation);
        try
        {
            // Somebody else may have fetched while this call waited.
            var age = entry.FetchedAt == 0 ? Fresh : time.GetElapsedTime(entry.FetchedAt);
            if (age >= (entry.Has(kid) ? Fresh : Pause))
            {
                entry.Keys = await FetchAsync(address, cancellation) ?? (age < Fresh ? entry.Keys : null);
                entry.FetchedAt = time.GetTimestamp();
            }

            return entry.Keys;
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    private async Task<ClientKeySet?> FetchAsync(Uri address, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/jwk-set+json, application/json");
        if (await http.SendAsync(request, Timeout, MaxBytes, cancellation) is not OutboundOutcome.Answered { Status: 200 } answer) return null;
        using var document = UnicodeJson.Parse(answer.Body, new JsonDocumentOptions { MaxDepth = MaxDepth });
        return document is null ? null : ClientKeySet.Parse(document.RootElement);
    }

    private sealed class Entry
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public ClientKeySet? Keys { get; set; }

        /// <summary>0 before the first try.</summary>
        public long FetchedAt { get; set; }

        public bool Has(string? kid) => Keys is { } set && (kid is null || set.Keys.Any(key => key.Kid == kid));
    }
}
