using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Custodia.Testing;

/// <summary>Debian's aiosmtpd on loopback, with a mailbox of its own. Use it in <c>[EngineFact(Engines.Mail)]</c> tests.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Process? _process;

    public int Port { get; } = CustodiaProcess.FreePort();

    private string Box => _folder.File("box");

    public static async Task<MailServer> StartAsync()
    {
        if (Engines.Missing(Engines.Mail) is { } missing) throw new InvalidOperationException(missing);
        var server = new MailServer();
        var start = new ProcessStartInfo("/usr/bin/aiosmtpd") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // -n: do not change the user; the mailbox handler keeps each mail as a file.
        foreach (var part in new[] { "-n", "-l", $"127.0.0.1:{server.Port.ToString(CultureInfo.InvariantCulture)}", "-c", "aiosmtpd.handlers.Mailbox", server.Box })
            start.ArgumentList.Add(part);
        server._process = Process.Start(start);
        for (var i = 0; i < 300; i++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", server.Port);
                return server;
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }

        await server.DisposeAsync();
        throw new TimeoutException("The mail server did not start.");
    }

    /// <summary>The first mail that has come for an address with a word in its subject, headers and readable text; waits for it.</summary>
    public async Task<ReceivedMail> ReceiveAsync(string to, string subject, int seconds = 30)
    {
        for (var i = 0; i < seconds * 10; i++)
        {
            var come = Directory.Exists(Path.Combine(Box, "new")) ? Directory.GetFiles(Path.Combine(Box, "new")) : [];
            foreach (var file in come)
            {
                var mail = Read(await File.ReadAllTextAsync(file));
                if (mail.Headers["X-RcptTo"].Any(r => r.Contains(to, StringComparison.Ordinal)) && mail.Headers["Subject"].Any(s => s.Contains(subject, StringComparison.Ordinal))) return mail;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException("No mail has come.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _folder.Dispose();
    }

    private static ReceivedMail Read(string raw)
    {
        var text = raw.ReplaceLineEndings("\n");
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        // RFC 5322 section 2.2.3: a line that begins with a blank goes on with the one before.
        var headers = text[..end].Replace("\n ", " ", StringComparison.Ordinal).Replace("\n\t", " ", StringComparison.Ordinal).Split('\n')
            .Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = text[(end + 2)..];
        var encoding = headers["Content-Transfer-Encoding"].FirstOrDefault() ?? "";
        if (encoding.Equals("base64", StringComparison.OrdinalIgnoreCase)) body = Encoding.UTF8.GetString(Convert.FromBase64String(body.Replace("\n", "", StringComparison.Ordinal)));
        if (encoding.Equals("quoted-printable", StringComparison.OrdinalIgnoreCase)) body = body.Replace("=\n", "", StringComparison.Ordinal);
        return new ReceivedMail(headers, body);
    }
}

public sealed record ReceivedMail(ILookup<string, string> Headers, string Text);
