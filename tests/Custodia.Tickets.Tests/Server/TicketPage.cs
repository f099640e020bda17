using Custodia.Kernel.Access;

namespace Custodia.Tickets.Tests.Server;

/// <summary>A person in front of the page of one of their tickets.</summary>
internal sealed class TicketPage(TicketServer server, HttpClient client, Guid ticket, long number)
{
    public Guid Ticket { get; } = ticket;

    public string Path { get; } = $"/support/{TicketServer.Directory}/tickets/{number}";

    public HttpClient Client { get; } = client;

    public static async Task<TicketPage> OpenAsync(TicketServer server, Caller person, string title = "It is broken", string description = "Since this morning nothing works.")
    {
        var (id, number) = await server.OpenAsync(person, title, description);
        return new TicketPage(server, server.As(person), id, number);
    }

    public Task<PageAnswer> ShowAsync() => Client.PageAsync(Path);

    public Task<PageAnswer> PostAsync(string form, params (string Name, string Value)[] fields) =>
        Client.SubmitAsync(Path, $"{Path}/{form}", fields.ToDictionary(f => f.Name, f => f.Value));

    public Task<PageAnswer> ReplyAsync(string body, params (string Name, byte[] Bytes)[] files) =>
        Client.SubmitAsync(Path, $"{Path}/reply", new Dictionary<string, string> { ["body"] = body }, files);

    public Task<PageAnswer> SendAsync(string email) => PostAsync("contact", ("kind", "email"), ("contact", email));

    public Task<PageAnswer> CodeAsync(string code) => PostAsync("contact/code", ("kind", "email"), ("code", code));

    public async Task VerifyAsync(string email)
    {
        (await SendAsync(email)).Query.ShouldContain("ticket-code-sent");
        (await CodeAsync((await server.MailedCodeAsync(email))!)).Query.ShouldContain("ticket-contact-verified");
    }
}
