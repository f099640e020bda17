using Custodia.Identity.Statistics;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Delivery;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Templates;

/// <summary>
/// The one place where Identity's mails and SMS are made: by the directory's template for the reader's language, added to the caller's
/// transaction and counted in it.
/// </summary>
internal sealed class DirectoryMessages(IdentityContext database, OutgoingMessages messages, MessageTemplates templates, MessageReaders readers, Increments increments)
{
    /// <param name="values">A value for each placeholder that the message offers, <c>directory</c> and <c>name</c> excepted.</param>
    public async Task SendAsync(
        Directory directory, MessageReceiver receiver, MessageKind kind, CancellationToken cancellation, params (string Placeholder, string Value)[] values)
    {
        var own = await templates.OfAsync(database, directory.Id, cancellation);
        var template = own.Pick(kind, await readers.LanguagesAsync(receiver, cancellation));
        var name = template.Uses(Placeholders.Name) ? await readers.NameAsync(receiver, cancellation) : "";
        var rendered = RenderedMessage.Of(template, directory, placeholder => placeholder == Placeholders.Name ? name : Of(values, placeholder));
        await SendAsync(directory, receiver, kind, rendered, kind.Origin, cancellation);
    }

    /// <summary>Sends what is rendered already.</summary>
    public async Task SendAsync(Directory directory, MessageReceiver receiver, MessageKind kind, RenderedMessage rendered, string origin, CancellationToken cancellation)
    {
        var to = new Subject(directory.Account, receiver.Person);
        await messages.AddAsync(database, new OutgoingMessage(kind.Channel, to, receiver.Address, rendered.Subject, rendered.Text, origin) { Html = rendered.Html }, cancellation);
        await increments.SentAsync(directory, kind.Channel, cancellation);
    }

    private static string Of((string Placeholder, string Value)[] values, string placeholder) =>
        Array.Find(values, v => v.Placeholder == placeholder).Value
        ?? throw new InvalidOperationException($"The message has no value for '{placeholder}'.");
}
