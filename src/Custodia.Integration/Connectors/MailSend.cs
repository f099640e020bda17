using System.Net.Mail;
using System.Text.Json.Nodes;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Delivery;

namespace Custodia.Integration.Connectors;

/// <summary>Sends a plain mail about the person whose job it is. It commits with the step, so it is sent once or not at all.</summary>
internal sealed class MailSend(OutgoingMessages messages) : IOperation
{
    private const int MaxSubject = 200;
    private const int MaxText = 64 * 1024;

    public OperationShape Shape { get; } = new(
        "mail.send",
        Repeat.Idempotent,
        [new("to", InputKind.Text, true), new("subject", InputKind.Text, true), new("text", InputKind.Text, true)],
        ["identity.user-profile/*"]);

    public Task<OperationOutcome> RunAsync(OperationCall call, CancellationToken cancellation) => Task.FromResult(Prepare(call));

    private OperationOutcome Prepare(OperationCall call)
    {
        // A mail lies under a person's key; a job of nobody has none.
        if (call.Person is not { } person) return new OperationOutcome.Failed("no-person", "The job is about no person.", Transient: false);
        var (to, subject, text) = (call.Text("to")!, call.Text("subject")!, call.Text("text")!);
        if (!IsAddress(to)) return new OperationOutcome.Failed("invalid-input-to", "The recipient is not a mail address.", Transient: false);
        if (subject.Length is 0 or > MaxSubject || subject.Any(char.IsControl)) return new OperationOutcome.Failed("invalid-input-subject", "The subject has 1 to 200 characters and no line breaks.", Transient: false);
        if (System.Text.Encoding.UTF8.GetByteCount(text) > MaxText) return new OperationOutcome.Failed("invalid-input-text", "The text is too long.", Transient: false);
        var message = new OutgoingMessage(Channel.Mail, new Subject(call.Account, person), to, subject, text, "integration.flow");
        return new OperationOutcome.Done(new JsonObject(), (context, token) => messages.AddAsync(context, message, token));
    }

    private static bool IsAddress(string text) =>
        text.Length is > 2 and <= 320
        && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is ',' or ';' or '<' or '>')
        && MailAddress.TryCreate(text, out var address)
        && address.Address == text;
}
