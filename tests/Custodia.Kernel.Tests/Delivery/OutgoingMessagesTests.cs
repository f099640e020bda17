using System.Text;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Delivery;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Tests.Hosting;
using Custodia.Kernel.Vault;
using Custodia.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Tests.Delivery;

public sealed class OutgoingMessagesTests : IDisposable
{
    private static readonly Subject Ann = new(1001, Guid.CreateVersion7());

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_provider_messages_stay_and_the_outbox_shows_them_newest_first()
    {
        await using var host = await KernelHost.StartAsync(_folder);
        await SendAsync(host, Mail("ann@example.com", "First"));
        host.Time.Advance(TimeSpan.FromSeconds(2));
        await SendAsync(host, Mail("bob@example.com", "Second"));
        host.Time.Advance(TimeSpan.FromSeconds(2));
        await SendAsync(host, new OutgoingMessage(Channel.Sms, Ann, "+4915112345678", "", "Code 123456", "identity.code"));
        await using var scope = host.Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<DevelopmentOutbox>();
        (await outbox.NewestAsync(null, 10, CancellationToken.None)).Select(m => m.Recipient).ShouldBe(["+4915112345678", "bob@example.com", "ann@example.com"]);
        var found = (await outbox.NewestAsync("ANN@example.com", 10, CancellationToken.None)).ShouldHaveSingleItem();
        found.Subject.ShouldBe("First");
        found.Text.ShouldBe("Text of First");
    }

    [Fact]
    public async Task The_outbox_finds_a_mail_below_more_than_a_thousand_newer_ones()
    {
        await using var host = await KernelHost.StartAsync(_folder);
        await SendAsync(host, Mail("ann@example.com", "First"));
        host.Time.Advance(TimeSpan.FromSeconds(2));
        await using var scope = host.Services.CreateAsyncScope();
        var messages = scope.ServiceProvider.GetRequiredService<OutgoingMessages>();
        await host.WithKernelAsync(async kernel =>
        {
            for (var i = 0; i < 1100; i++) await messages.AddAsync(kernel, Mail("bob@example.com", "Later"), CancellationToken.None);
            await kernel.SaveChangesAsync();
        });
        var outbox = scope.ServiceProvider.GetRequiredService<DevelopmentOutbox>();
        (await outbox.NewestAsync("ann@example.com", 10, CancellationToken.None)).ShouldHaveSingleItem().Subject.ShouldBe("First");
    }

    [Fact]
    public async Task A_mail_goes_to_the_mail_server_with_its_headers()
    {
        await using var server = new SmtpListener();
        await using var host = await KernelHost.StartAsync(_folder, null, null, Smtp(server));
        var id = await SendAsync(host, Mail("ann@example.com", "Grüße 你好"));
        await StateAsync(host, id, MessageState.Sent);
        var (to, content) = server.Mails.ShouldHaveSingleItem();
        to.ShouldBe("ann@example.com");
        content.ShouldContain($"Message-ID: <{id:N}@example.org>", Case.Insensitive);
        content.ShouldContain("Auto-Submitted: auto-generated", Case.Insensitive);
        content.ShouldContain("no-reply@example.org", Case.Insensitive);
        content.ShouldContain(Convert.ToBase64String(Encoding.UTF8.GetBytes("Text of Grüße 你好"))[..16]);
    }

    [Theory]
    [InlineData("ann@example.com\r\nBcc: eve@example.com", "Hello")]
    [InlineData("ann@example.com,eve@example.com", "Hello")]
    [InlineData("Ann <ann@example.com>", "Hello")]
    [InlineData("ann", "Hello")]
    [InlineData("ann@example.com", "Hello\r\nBcc: eve@example.com")]
    [InlineData("ann@example.com", "Hello\nBcc: eve@example.com")]
    [InlineData("ann@example.com", "")]
    public async Task Nothing_can_become_another_header(string recipient, string subject)
    {
        await using var host = await KernelHost.StartAsync(_folder);
        var refused = await Should.ThrowAsync<ArgumentException>(() => SendAsync(host, Mail(recipient, subject)));
        refused.Message.ShouldNotContain("eve@example.com");
        (await host.WithKernelAsync(k => k.OutgoingMessages.AnyAsync())).ShouldBeFalse();
    }

    [Fact]
    public async Task What_the_mail_server_cannot_take_now_is_tried_again_later()
    {
        await using var server = new SmtpListener { AnswerToRecipient = "451 Try later" };
        await using var host = await KernelHost.StartAsync(_folder, null, new ManualTime(frozen: true), Smtp(server));
        var id = await SendAsync(host, Mail("ann@example.com", "Later"));
        await KernelHost.UntilAsync(() => host.WithKernelAsync(k => k.OutgoingMessages.AnyAsync(m => m.Tries == 1)), "the first try");
        server.AnswerToRecipient = "250 OK";
        var before = host.Time.GetUtcNow();
        await KernelHost.UntilAsync(
            () =>
            {
                host.Time.Advance(TimeSpan.FromSeconds(1));
                return host.WithKernelAsync(k => k.OutgoingMessages.AnyAsync(m => m.Id == id && m.State == MessageState.Sent));
            },
            "the second try");
        (host.Time.GetUtcNow() - before).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(29));
        server.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_recipient_whom_the_mail_server_does_not_know_is_given_up_at_once()
    {
        await using var server = new SmtpListener { AnswerToRecipient = "550 No such user" };
        await using var host = await KernelHost.StartAsync(_folder, null, null, Smtp(server));
        await StateAsync(host, await SendAsync(host, Mail("ann@example.com", "Hello")), MessageState.Failed);
    }

    [Fact]
    public async Task An_erased_persons_message_is_not_sent_and_goes()
    {
        await using (var withoutWorker = await KernelHost.StartAsync(_folder, null, null, ("Roles", "web")))
        {
            await SendAsync(withoutWorker, Mail("ann@example.com", "Hello"));
            await withoutWorker.Services.GetRequiredService<DataVault>().DestroyAsync(KeyId.Subject(Ann.Account, Ann.Person), "test", CancellationToken.None);
        }

        await using var server = new SmtpListener();
        await using var host = await KernelHost.StartAsync(_folder, null, null, Smtp(server));
        await KernelHost.UntilAsync(() => host.WithKernelAsync(async k => !await k.OutgoingMessages.AnyAsync()), "the message gone");
        server.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_sms_goes_to_the_gateway_with_its_token()
    {
        var received = new TaskCompletionSource<(string Authorization, string Body)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var gateway = builder.Build();
        gateway.MapPost("/send", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            received.TrySetResult((request.Headers.Authorization.ToString(), await reader.ReadToEndAsync()));
        });
        await gateway.StartAsync();
        await using var host = await KernelHost.StartAsync(
            _folder,
            null,
            null,
            ("Delivery:Sms:Url", $"{gateway.Urls.First()}/send"),
            ("Delivery:Sms:Token", "secret"),
            ("Http:AllowedPrivateNetworks:0", "127.0.0.0/8"));
        var id = await SendAsync(host, new OutgoingMessage(Channel.Sms, Ann, "+4915112345678", "", "Code 123456", "identity.code"));
        var (authorization, body) = await received.Task.WaitAsync(TimeSpan.FromSeconds(10));
        authorization.ShouldBe("Bearer secret");
        body.ShouldContain("Code 123456");
        await StateAsync(host, id, MessageState.Sent);
    }

    [Fact]
    public async Task A_gateway_that_redirects_has_not_taken_the_message()
    {
        var elsewhere = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var gateway = builder.Build();
        gateway.MapPost("/send", () => Results.Redirect("/login"));
        gateway.MapGet("/login", () => Interlocked.Increment(ref elsewhere));
        await gateway.StartAsync();
        await using var host = await KernelHost.StartAsync(
            _folder,
            null,
            null,
            ("Delivery:Sms:Url", $"{gateway.Urls.First()}/send"),
            ("Http:AllowedPrivateNetworks:0", "127.0.0.0/8"));
        var id = await SendAsync(host, new OutgoingMessage(Channel.Sms, Ann, "+4915112345678", "", "Code 123456", "identity.code"));
        await KernelHost.UntilAsync(() => host.WithKernelAsync(k => k.OutgoingMessages.AnyAsync(m => m.Id == id && m.Tries == 1 && m.State == MessageState.Waiting)), "tried once");
        elsewhere.ShouldBe(0);
    }

    [Fact]
    public async Task A_gateway_that_is_slow_holds_up_no_mail()
    {
        using var release = new SemaphoreSlim(0);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var gateway = builder.Build();
        gateway.MapPost("/send", () => release.WaitAsync());
        await gateway.StartAsync();
        await using var server = new SmtpListener();
        await using var host = await KernelHost.StartAsync(
            _folder,
            null,
            null,
            [.. Smtp(server), ("Delivery:Sms:Url", $"{gateway.Urls.First()}/send"), ("Delivery:Sms:TimeoutSeconds", "60"), ("Http:AllowedPrivateNetworks:0", "127.0.0.0/8")]);
        var sms = new OutgoingMessage(Channel.Sms, Ann, "+4915112345678", "", "Code 123456", "identity.code");
        for (var i = 0; i < 8; i++) await SendAsync(host, sms);
        await StateAsync(host, await SendAsync(host, Mail("ann@example.com", "Hello")), MessageState.Sent);
        (await host.WithKernelAsync(k => k.OutgoingMessages.CountAsync(m => m.State == MessageState.Waiting))).ShouldBe(8);
        release.Release(8);
        await KernelHost.UntilAsync(() => host.WithKernelAsync(async k => !await k.OutgoingMessages.AnyAsync(m => m.State == MessageState.Waiting)), "all sent");
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("999 what")]
    [InlineData("HTTP/1.1 400 Bad Request")]
    [InlineData("421 Too many connections")]
    public async Task A_mail_server_that_talks_nonsense_is_tried_again_and_the_worker_goes_on(string greeting)
    {
        await using var server = new SmtpListener { Greeting = greeting };
        await using var host = await KernelHost.StartAsync(_folder, null, null, Smtp(server));
        var first = await SendAsync(host, Mail("ann@example.com", "First"));
        await KernelHost.UntilAsync(() => host.WithKernelAsync(k => k.OutgoingMessages.AnyAsync(m => m.Id == first && m.Tries == 1)), "the first try");
        server.Greeting = "220 test";
        await StateAsync(host, await SendAsync(host, Mail("ann@example.com", "Second")), MessageState.Sent);
        (await host.WithKernelAsync(k => k.OutgoingMessages.SingleAsync(m => m.Id == first))).State.ShouldBe(MessageState.Waiting);
    }

    [Fact]
    public async Task Usage_is_counted_by_account_and_month_and_outlives_the_messages()
    {
        await using var host = await KernelHost.StartAsync(_folder);
        var messages = host.Services.GetRequiredService<OutgoingMessages>();
        var now = host.Time.GetUtcNow();
        await SendAsync(host, Mail("ann@example.com", "One"));
        await SendAsync(host, Mail("ann@example.com", "Two"));
        await SendAsync(host, new OutgoingMessage(Channel.Sms, Ann, "+4915112345678", "", "Code 123456", "identity.code"));
        (await messages.UsageAsync(Ann.Account, now.Year, now.Month, CancellationToken.None)).ShouldBe(new MessageUsage(2, 1));
        await KernelHost.UntilAsync(() => host.WithKernelAsync(async k => !await k.OutgoingMessages.AnyAsync(m => !m.Counted)), "all counted");
        await using var scope = host.Services.CreateAsyncScope();
        var rule = scope.ServiceProvider.GetServices<IRetentionRule>().Single(r => r.Category == "kernel.outgoing-message" && r.Trigger == "age");
        var trigger = new DeletionTrigger.Age(new Period(0, 0, 7), null);
        (await rule.EnforceAsync(new RetentionMoment(now.AddDays(6), trigger), CancellationToken.None)).ShouldBe(0);
        (await rule.EnforceAsync(new RetentionMoment(now.AddDays(8), trigger), CancellationToken.None)).ShouldBe(3);
        (await messages.UsageAsync(Ann.Account, now.Year, now.Month, CancellationToken.None)).ShouldBe(new MessageUsage(2, 1));
        (await messages.UsageAsync(2002, now.Year, now.Month, CancellationToken.None)).ShouldBe(new MessageUsage(0, 0));
    }

    [Fact]
    public async Task Neither_recipient_nor_text_is_readable_in_the_database()
    {
        await using var host = await KernelHost.StartAsync(_folder);
        await SendAsync(host, Mail("canary-91@example.com", "Canary-92"));
        foreach (var file in Directory.GetFiles(_folder.File("data", "main")))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var content = await reader.ReadToEndAsync();
            content.ShouldNotContain("canary-91", Case.Insensitive);
            content.ShouldNotContain("canary-92", Case.Insensitive);
        }
    }

    private static OutgoingMessage Mail(string recipient, string subject) =>
        new(Channel.Mail, Ann, recipient, subject, $"Text of {subject}", "identity.code");

    private static Task<Guid> SendAsync(KernelHost host, OutgoingMessage message) =>
        host.Services.GetRequiredService<OutgoingMessages>().SendAsync(message, CancellationToken.None);

    private static Task StateAsync(KernelHost host, Guid id, MessageState state) =>
        KernelHost.UntilAsync(() => host.WithKernelAsync(k => k.OutgoingMessages.AnyAsync(m => m.Id == id && m.State == state)), state.ToString());

    private static (string, string)[] Smtp(SmtpListener server) =>
    [
        ("Delivery:Smtp:Host", "127.0.0.1"),
        ("Delivery:Smtp:Port", server.Port.ToString()),
        ("Delivery:Smtp:StartTls", "false"),
        ("Delivery:Smtp:From", "Custodia <no-reply@example.org>"),
    ];
}
