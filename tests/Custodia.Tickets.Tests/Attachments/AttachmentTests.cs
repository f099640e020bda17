using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Custodia.Tickets.Attachments;
using Custodia.Tickets.Tests.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Tickets.Tests.Attachments;

[Collection(SharedServer.Name)]
public sealed class AttachmentTests(TicketServer server)
{
    private string Folder => Path.Combine(server.DataDirectory, "files", "tickets");

    [Fact]
    public async Task A_picture_is_cleaned_sealed_and_served_to_be_saved()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("picture"));
        (await page.ReplyAsync("See", ("../../holiday.png", Pictures.Png(true)))).Query.ShouldContain("ticket-replied");
        var row = await server.InContextAsync(c => c.Attachments.SingleAsync(a => a.TicketId == page.Ticket));
        row.FileName.ToStored().ShouldBe("holiday.png");
        row.MediaType.ShouldBe("image/png");
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder, row.StoredName[..2], row.StoredName));
        bytes.AsSpan().IndexOf("IHDR"u8).ShouldBe(-1);

        var html = (await page.ShowAsync()).Text;
        var link = Regex.Match(html, $"href=\"({Regex.Escape(page.Path)}/files/[0-9a-f]+)\"").Groups[1].Value;
        using var answer = await page.Client.GetAsync(link);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(Pictures.Png(false));
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Fact]
    public async Task What_is_not_on_the_list_by_its_content_is_refused_whatever_its_name()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("type"));
        foreach (var bytes in new byte[][] { [0x4D, 0x5A, 0x90, 0, 3, 0, 0, 0], [.. "PK\u0003\u0004"u8, 1, 2, 3, 4], [.. "ELF\0binary"u8], [(byte)'a', 0xFF, 0xFE, (byte)'b', (byte)'c', (byte)'d'], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3] })
        {
            var answer = await page.ReplyAsync("See", ("innocent.png", bytes));
            answer.Status.ShouldBe(422);
        }

        (await server.InContextAsync(c => c.Attachments.CountAsync(a => a.TicketId == page.Ticket))).ShouldBe(0);
        (await server.InContextAsync(c => c.Messages.CountAsync(m => m.TicketId == page.Ticket))).ShouldBe(0);
        Incoming().ShouldBeEmpty();
    }

    [Fact]
    public async Task More_than_ten_files_or_ten_megabytes_are_refused_and_leave_nothing()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("size"));
        var eleven = Enumerable.Range(0, 11).Select(i => ($"{i}.png", Pictures.Png(false))).ToArray();
        (await page.ReplyAsync("Many", eleven)).Status.ShouldBe(422);
        byte[] large = [.. "%PDF-1.7\n"u8, .. new byte[10 * 1024 * 1024]];
        (await page.ReplyAsync("Large", ("large.pdf", large))).Status.ShouldBe(413);
        (await server.InContextAsync(c => c.Attachments.CountAsync(a => a.TicketId == page.Ticket))).ShouldBe(0);
        Incoming().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_text_file_is_examined_like_a_message()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("textfile"));
        var refused = await page.ReplyAsync("Log", ("app.log", "db.password=S3cret99\n"u8.ToArray()));
        refused.Status.ShouldBe(422);
        refused.Shows("This text holds what a ticket must not carry").ShouldBeTrue();
        (await page.ReplyAsync("Log", ("call 13800138000.txt", "fine"u8.ToArray()))).Status.ShouldBe(422);
        (await page.ReplyAsync("Log", ("app.log", "started in 300 ms\n"u8.ToArray()))).Status.ShouldBe(200);
        (await server.InContextAsync(c => c.Attachments.CountAsync(a => a.TicketId == page.Ticket))).ShouldBe(1);
        Incoming().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_no_file_and_no_row()
    {
        using var client = server.Api(server.Agent);
        var (id, _) = await server.OpenAsync(await server.PersonAsync("broken"));
        var address = new Uri(server.Url);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(address.Host, address.Port);
            var stream = socket.GetStream();
            const string part = "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7 and then";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/v1/tickets/{id}/attachments HTTP/1.1\r\nHost: {address.Authority}\r\nX-Test-Caller: {server.Agent.TokenReference}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 500000\r\n\r\n{part}"));
            await stream.FlushAsync();
            await WaitAsync(() => Incoming().Length > 0);
        }

        await WaitAsync(() => Incoming().Length == 0);
        (await server.InContextAsync(c => c.Attachments.CountAsync(a => a.TicketId == id))).ShouldBe(0);

        // A form that ends too early although the request is whole.
        using var cut = new ByteArrayContent("--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7"u8.ToArray());
        cut.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        using var answer = await client.PostAsync($"/api/v1/tickets/{id}/attachments", cut);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Incoming().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_is_for_one_file_and_cannot_be_made_up()
    {
        using var client = server.Api(server.Agent);
        var (id, _) = await server.OpenAsync(await server.PersonAsync("links"));
        using var multipart = new MultipartFormDataContent { { new StringContent("See"), "body" }, { new ByteArrayContent("%PDF-1.7"u8.ToArray()), "files", "报告.pdf" } };
        using var created = await client.PostAsync($"/api/v1/tickets/{id}/attachments", multipart);
        created.StatusCode.ShouldBe(HttpStatusCode.Created, await created.Content.ReadAsStringAsync());
        var file = (await created.JsonAsync()).GetProperty("attachments")[0].GetGuid();
        var link = (await (await client.PostAsync($"/api/v1/tickets/{id}/attachments/{file}/link", null)).JsonAsync()).GetProperty("url").GetString()!;
        using var anybody = server.Client();
        using var answer = await anybody.GetAsync(link);
        answer.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe("报告.pdf");
        (await anybody.GetAsync(link[..^4] + "AAAA")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await anybody.GetAsync("/files/tickets/..%2f..%2fkeys%2froot.key")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var other = server.Api(server.Stranger);
        (await other.PostAsync($"/api/v1/tickets/{id}/attachments/{file}/link", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_file_of_an_internal_note_is_not_the_persons_to_see()
    {
        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("notefile"));
        using var client = server.Api(server.Agent);
        using var multipart = new MultipartFormDataContent { { new StringContent("Us"), "body" }, { new StringContent("true"), "internal" }, { new ByteArrayContent("%PDF-1.7"u8.ToArray()), "files", "us.pdf" } };
        using var created = await client.PostAsync($"/api/v1/tickets/{page.Ticket}/attachments", multipart);
        var file = (await created.JsonAsync()).GetProperty("attachments")[0].GetGuid();
        (await page.Client.GetAsync($"{page.Path}/files/{file:N}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Files_without_a_row_are_swept_after_an_hour()
    {
        var files = server.Services.GetRequiredService<AttachmentFiles>();
        Directory.CreateDirectory(files.Incoming);
        var left = Path.Combine(files.Incoming, new string('a', 32));
        var placed = files.PathOf(new string('b', 32));
        Directory.CreateDirectory(Path.GetDirectoryName(placed)!);
        foreach (var file in new[] { left, placed })
        {
            await File.WriteAllTextAsync(file, "left over");
            File.SetLastWriteTimeUtc(file, server.Time.GetUtcNow().AddHours(-2).UtcDateTime);
        }

        var page = await TicketPage.OpenAsync(server, await server.PersonAsync("sweep"));
        await page.ReplyAsync("See", ("a.png", Pictures.Png(false)));
        var kept = await server.InContextAsync(c => c.Attachments.SingleAsync(a => a.TicketId == page.Ticket));
        File.SetLastWriteTimeUtc(files.PathOf(kept.StoredName), server.Time.GetUtcNow().AddHours(-2).UtcDateTime);
        var sweep = server.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<OrphanSweep>().Single();
        (await server.InContextAsync(c => sweep.SweepAsync(files, c, default))).ShouldBe(2);
        File.Exists(left).ShouldBeFalse();
        File.Exists(placed).ShouldBeFalse();
        files.Exists(kept).ShouldBeTrue();
    }

    private string[] Incoming() => Directory.Exists(Path.Combine(Folder, "incoming")) ? Directory.GetFiles(Path.Combine(Folder, "incoming")) : [];

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var i = 0; i < 2400 && !condition(); i++) await Task.Delay(25);
        condition().ShouldBeTrue();
    }
}
