using System.Text;
using Custodia.Tickets.Content;
using Custodia.Tickets.Tests.Server;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tests.Content;

/// <summary>One policy line switches ticket texts between plain and sealed; what was written before stays readable.</summary>
public sealed class ContentProtectionTests
{
    [Fact]
    public async Task Texts_lie_as_the_policy_says_and_are_read_as_they_lie()
    {
        var folder = Directory.CreateTempSubdirectory("custodia-policy-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "policy"), "*.yaml")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            var data = Path.Combine(folder, "data");
            await using (var plain = await StartAsync(folder, data))
            {
                await TicketPage.OpenAsync(plain, await plain.PersonAsync("plain"), "A plain title", "CANARY-PLAIN in the text");
            }

            Contains(data, "CANARY-PLAIN").ShouldBeTrue();
            Seal(Path.Combine(folder, "tickets.yaml"), "problem-description", "messages");
            await using (var closed = await StartAsync(folder, data))
            {
                var page = await TicketPage.OpenAsync(closed, await closed.PersonAsync("sealed"), "A sealed title", "CANARY-SEALED in the text");
                await page.ReplyAsync("CANARY-SEALED again");
                (await page.ShowAsync()).Shows("CANARY-SEALED in the text").ShouldBeTrue();
                (await page.ShowAsync()).Shows("CANARY-SEALED again").ShouldBeTrue();
                using var desk = closed.As(closed.Agent);
                (await desk.PageAsync("/console/tickets")).Shows("A plain title").ShouldBeTrue();
                (await desk.PageAsync("/console/tickets")).Shows("A sealed title").ShouldBeTrue();
                var stored = await closed.InContextAsync(c => c.Tickets.OrderBy(t => t.Number).ToListAsync());
                stored[0].Title.ShouldBeOfType<StoredText.Plain>();
                stored[1].Title.ShouldBeOfType<StoredText.Under>();
            }

            Contains(data, "CANARY-SEALED").ShouldBeFalse();
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void No_text_can_pass_for_a_sealed_one()
    {
        FreeText.Clean("\u0001sealed:AAAA").ShouldBe("sealed:AAAA");
        StoredText.FromStored("sealed:AAAA").ShouldBeOfType<StoredText.Plain>();
    }

    private static async Task<TicketServer> StartAsync(string policy, string data)
    {
        var server = new TicketServer { DataDirectory = data };
        server.Settings["Custodia:PolicyDirectory"] = policy;
        await server.InitializeAsync();
        return server;
    }

    private static void Seal(string file, params string[] fields)
    {
        var lines = File.ReadAllLines(file);
        foreach (var field in fields)
        {
            var at = Array.FindIndex(lines, l => l.Contains($"{{ name: {field},", StringComparison.Ordinal));
            lines[at] = lines[at].Replace("protection: plain", "protection: sealed", StringComparison.Ordinal);
        }

        File.WriteAllLines(file, lines);
    }

    private static bool Contains(string folder, string text)
    {
        SqliteConnection.ClearAllPools();
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(f => File.ReadAllBytes(f).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);
    }
}
