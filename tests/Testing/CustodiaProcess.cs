using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Custodia.Testing;

/// <summary>The built server as a process of its own: for what only a real process shows (kill, exit codes, command line).</summary>
public sealed class CustodiaProcess : IAsyncDisposable
{
    private const int FirstPort = 20_000;
    private const int Ports = 12_000;

    // Test projects run at the same time: each begins elsewhere.
    private static int _ports = RandomNumberGenerator.GetInt32(Ports);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private CustodiaProcess(Process process, string url)
    {
        _process = process;
        Url = url;
        process.OutputDataReceived += Collect;
        process.ErrorDataReceived += Collect;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Url { get; }

    public int Id => _process.Id;

    /// <summary>Everything the process has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts the server on a free port and waits until it is ready.</summary>
    /// <param name="environment">Environment variables, e.g. <c>Custodia__Region</c>.</param>
    public static async Task<CustodiaProcess> StartAsync(
        string dataDirectory,
        IReadOnlyDictionary<string, string?>? environment = null,
        int? port = null,
        CancellationToken cancellation = default)
    {
        var url = $"http://127.0.0.1:{port ?? FreePort()}";
        var process = new CustodiaProcess(Launch(["--urls", url, $"--Custodia:DataDirectory={dataDirectory}"], environment, dataDirectory), url);
        try
        {
            await process.WaitUntilReadyAsync(TimeSpan.FromSeconds(60), cancellation);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a verb to its end.</summary>
    /// <param name="input">What it reads on its standard input; null: that of the tests.</param>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string[] args,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? input = null,
        CancellationToken cancellation = default)
    {
        using var process = Launch(args, environment, null, input is not null);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }

        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>
    /// A port that is free now, another one each time, and below those that the system gives away by itself (Linux: from 32768):
    /// until it is used, no connection and no other server gets it by chance.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref _ports) % Ports);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it: the next.
            }
        }
    }

    /// <summary>A client of this process that keeps no cookies and follows no redirects.</summary>
    public HttpClient Client()
    {
        var client = TestHttp.Client(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false });
        client.BaseAddress = new Uri(Url);
        return client;
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM and the wait for the end.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var client = TestHttp.Client(new SocketsHttpHandler { UseProxy = false });
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < limit)
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(cancellation);
                throw new InvalidOperationException($"The server ended with exit code {_process.ExitCode}:\n{Output}");
            }

            try
            {
                using var answer = await client.GetAsync($"{Url}/health/ready", cancellation);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(25, cancellation);
        }

        throw new TimeoutException($"The server was not ready after {limit.TotalSeconds} s:\n{Output}");
    }

    private static Process Launch(string[] args, IReadOnlyDictionary<string, string?>? environment, string? workingDirectory, bool hasInput = false)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = hasInput,
            StandardInputEncoding = hasInput ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : null,
            WorkingDirectory = workingDirectory is not null && Directory.Exists(workingDirectory) ? workingDirectory : Path.GetTempPath(),
        };
        // The program lies beside the tests, with its settings and policy.
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "custodia.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        // These processes live for seconds: measuring code for later optimisation, and slow hashes, cost them more than all else.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["Custodia__Identity__PasswordIterations"] = "1000";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet cannot be started.");
    }

    private void Collect(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is null) return;
        lock (_output) _output.AppendLine(e.Data);
    }
}
