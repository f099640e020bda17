using System.Runtime.CompilerServices;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Deletion;

/// <summary>The kernel's own tables about a person: mails and SMS, events on their way, requests to be forgotten.</summary>
internal sealed class KernelSubjectData(KernelContext context, DataVault vault) : ISubjectData
{
    private const string RightsUse = "subject-rights";

    public string Module => KernelContext.ModuleName;

    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var messages = context.OutgoingMessages.AsNoTracking().Where(m => m.Account == subject.Account && m.Person == subject.Person);
        await foreach (var row in messages.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return new ExportedItem("kernel.outgoing-message", row.Id.ToString(),
            [
                new("created-at", row.CreatedAt.ToString("u")),
                new("channel", row.Channel.ToString()),
                new("recipient", await vault.OpenAsync(row.Place("recipient"), row.Recipient, RightsUse, cancellation)),
                new("subject", row.Subject is { } title ? await vault.OpenAsync(row.Place("subject"), title, RightsUse, cancellation) : null),
                new("text", await vault.OpenAsync(row.Place("text"), row.Text, RightsUse, cancellation)),
                new("html", row.Html is { } html ? await vault.OpenAsync(row.Place("html"), html, RightsUse, cancellation) : null),
            ]);
        }

        var requests = context.DeletionRequests.AsNoTracking().Where(r => r.Account == subject.Account && r.Person == subject.Person);
        await foreach (var request in requests.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return new ExportedItem("kernel.deletion-request", request.Id.ToString(),
            [
                new("requested-at", request.RequestedAt.ToString("u")),
                new("due-at", request.DueAt.ToString("u")),
                new("state", request.State.ToString()),
            ]);
        }
    }

    public async Task<ErasureReport> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var messages = await context.OutgoingMessages.Where(m => m.Account == subject.Account && m.Person == subject.Person).ExecuteDeleteAsync(cancellation);
        var events = await context.Outbox.Where(m => m.Account == subject.Account && m.Person == subject.Person).ExecuteDeleteAsync(cancellation);
        return new ErasureReport(
        [
            new ErasedCategory("kernel.outgoing-message", messages, messages, 0, null),
            new ErasedCategory("kernel.event", events, events, 0, null),
        ]);
    }
}
