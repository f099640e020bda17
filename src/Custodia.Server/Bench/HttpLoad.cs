using System.Diagnostics;
using System.Net;

namespace Custodia.Server.Bench;

/// <summary>
/// A load of requests from this process, on a processor of its own where there are two: so many at once, each after the answer to
/// the one before, for so long. An answer that is not the expected one ends the measurement.
/// </summary>
internal sealed class HttpLoad : IDisposable
{
    /// <summary>The processor of the servers that are measured.</summary>
    public const int ServerProcessor = 0;

    public const int AtOnce = 16;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(3);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        MaxConnectionsPerServer = AtOnce,
        ActivityHeadersPropagator = null,
    });

    /// <summary>Moves this process to the processors that the servers do not have, or back to all of them.</summary>
    public static void LeaveServers(bool leave) => Use(leave && Environment.ProcessorCount > 1 ? All & ~(1 << ServerProcessor) : All);

    /// <summary>Moves this process to the servers' processor, for what is measured without a server.</summary>
    public static void JoinServers() => Use(1 << ServerProcessor);

    /// <returns>Finished flows in a second.</returns>
    public static async Task<double> MeasureAsync(Func<int, CancellationToken, Task> flow, CancellationToken cancellation, int atOnce = AtOnce)
    {
        LeaveServers(leave: true);
        var begun = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(worker => Task.Run(() => RepeatAsync(worker, begun, flow, cancellation), cancellation)));
        var took = Stopwatch.GetElapsedTime(begun);
        return counts.Sum() / took.TotalSeconds;
    }

    /// <exception cref="InvalidOperationException">The answer has another status.</exception>
    public async Task<(HttpResponseMessage Answer, string Text)> SendAsync(HttpRequestMessage request, HttpStatusCode expected, CancellationToken cancellation)
    {
        using (request)
        {
            var answer = await _http.SendAsync(request, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            if (answer.StatusCode != expected) throw new InvalidOperationException($"{request.RequestUri!.AbsolutePath} answers {(int)answer.StatusCode}: {text[..Math.Min(text.Length, 200)]}");
            return (answer, text);
        }
    }

    public static HttpRequestMessage Form(string address, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var pairs = new KeyValuePair<string, string>[fields.Length];
        for (var i = 0; i < fields.Length; i++) pairs[i] = new(fields[i].Name, fields[i].Value);
        return new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(pairs) };
    }

    public static HttpRequestMessage Get(string address, string? cookies = null, string? bearer = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (cookies is not null) request.Headers.TryAddWithoutValidation("Cookie", cookies);
        if (bearer is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        return request;
    }

    public void Dispose() => _http.Dispose();

    private static int All => (1 << Environment.ProcessorCount) - 1;

    private static async Task<int> RepeatAsync(int worker, long begun, Func<int, CancellationToken, Task> flow, CancellationToken cancellation)
    {
        var done = 0;
        while (Stopwatch.GetElapsedTime(begun) < Time)
        {
            await flow(worker, cancellation);
            done++;
        }

        return done;
    }

    private static void Use(int processors)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows()) return;
        using var self = Process.GetCurrentProcess();
        self.ProcessorAffinity = processors;
    }
}
