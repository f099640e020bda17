using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Custodia.Server.Bench;

/// <summary>A server as a process of its own, on a free port of the loopback.</summary>
internal sealed class BenchProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });

    private BenchProcess(Process process, string url)
    {
        _process = process;
        Url = url;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Url { get; }

    /// <summary>From the start of the process to its first answer at <c>/health/ready</c>.</summary>
    public TimeSpan Started { get; private set; }

    /// <summary>This very program, as in production: no sample content, default settings, and no limit of requests that a load would meet.</summary>
    /// <param name="pinned">On one processor, see <see cref="HttpLoad"/>.</param>
    public static Task<BenchProcess> OursAsync(string dataDirectory, int port, CancellationToken cancellation, bool pinned = false)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var isHost = Path.GetFileNameWithoutExtension(Environment.ProcessPath) != "dotnet";
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (!isHost) start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "custodia.dll"));
        foreach (var setting in (ReadOnlySpan<string>)["--urls", url, $"--Custodia:DataDirectory={dataDirectory}", "--Custodia:Http:RequestsPerMinute=10000000", "--Custodia:Http:RequestsPerMinutePerCaller=10000000"]) start.ArgumentList.Add(setting);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        return StartAsync(pinned ? Pinned(start) : start, url, cancellation);
    }

    /// <summary>The server of <c>bench/peers/oidc-provider</c>.</summary>
    public static Task<BenchProcess> PeerAsync(BenchPeer peer, string secret, int port, CancellationToken cancellation, bool pinned = false)
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = peer.Folder };
        start.ArgumentList.Add("server.js");
        start.Environment["NODE_ENV"] = "production";
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["CLIENT_SECRET"] = secret;
        return StartAsync(pinned ? Pinned(start) : start, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"), cancellation);
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Memory that the process holds now, in MiB.</summary>
    public double ResidentMiB()
    {
        _process.Refresh();
        return _process.WorkingSet64 / (1024d * 1024);
    }

    /// <summary>What the process has used since its start, on all processors.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <exception cref="InvalidOperationException">The answer is not 200.</exception>
    public async Task<string> SendAsync(HttpMethod method, string address, IReadOnlyList<KeyValuePair<string, string>>? form, CancellationToken cancellation, string? token = null)
    {
        using var request = new HttpRequestMessage(method, address);
        if (token is not null) request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
        if (form is not null) request.Content = new FormUrlEncodedContent(form);
        using var answer = await _http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.StatusCode == HttpStatusCode.OK ? text : throw new InvalidOperationException($"{address} answers {(int)answer.StatusCode}.");
    }

    /// <summary>Ends it as an operator would (SIGTERM), so that the next start finds nothing to mend.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
    }

    private static ProcessStartInfo Pinned(ProcessStartInfo start)
    {
        start.ArgumentList.Insert(0, start.FileName);
        start.ArgumentList.Insert(0, HttpLoad.ServerProcessor.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Insert(0, "-c");
        start.FileName = "taskset";
        return start;
    }

    private static async Task<BenchProcess> StartAsync(ProcessStartInfo start, string url, CancellationToken cancellation)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute) = (true, true, false);
        var begun = Stopwatch.GetTimestamp();
        var process = new BenchProcess(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} cannot be started."), url);
        try
        {
            while (!await process.IsReadyAsync(cancellation))
            {
                if (process._process.HasExited || Stopwatch.GetElapsedTime(begun) > Patience) throw new InvalidOperationException($"{start.FileName} does not get ready.");
                await Task.Delay(5, cancellation);
            }

            process.Started = Stopwatch.GetElapsedTime(begun);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            await SendAsync(HttpMethod.Get, $"{Url}/health/ready", null, cancellation);
            return true;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or InvalidOperationException)
        {
            return false;
        }
    }
}
