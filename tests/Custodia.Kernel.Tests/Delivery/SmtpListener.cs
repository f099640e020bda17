using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Custodia.Kernel.Tests.Delivery;

/// <summary>A mail server on loopback that keeps what it is given (RFC 5321, as much as a client needs).</summary>
internal sealed class SmtpListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public SmtpListener()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync();
    }

    public int Port { get; }

    /// <summary>Envelope recipient and content of each mail.</summary>
    public ConcurrentQueue<(string To, string Content)> Mails { get; } = new();

    /// <summary>What it says to those who connect.</summary>
    public string Greeting { get; set; } = "220 test";

    /// <summary>Answer to RCPT TO, e.g. <c>550 No such user</c>.</summary>
    public string AnswerToRecipient { get; set; } = "250 OK";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync(Greeting);
        var to = "";
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (line.StartsWith("EHLO", StringComparison.OrdinalIgnoreCase)) await writer.WriteLineAsync("250-test\r\n250-8BITMIME\r\n250 SMTPUTF8");
            else if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase))
            {
                to = line["RCPT TO:".Length..].Split('>')[0].TrimStart('<');
                await writer.WriteLineAsync(AnswerToRecipient);
            }
            else if (line.Equals("DATA", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("354 go on");
                var content = new StringBuilder();
                while (await reader.ReadLineAsync(_stop.Token) is { } part && part != ".") content.AppendLine(part);
                Mails.Enqueue((to, content.ToString()));
                await writer.WriteLineAsync("250 OK");
            }
            else if (line.Equals("QUIT", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("221 bye");
                return;
            }
            else await writer.WriteLineAsync("250 OK");
        }
    }
}
