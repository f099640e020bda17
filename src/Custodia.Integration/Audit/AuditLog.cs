using Custodia.Kernel.Access;
using Custodia.Kernel.Streams;

namespace Custodia.Integration.Audit;

/// <summary>Writes the audit log: on disk before the act is answered.</summary>
internal sealed class AuditLog(LogStreams streams, TimeProvider time)
{
    /// <param name="module">What was acted on: <c>groups</c>, <c>projects</c>, <c>flows</c>, <c>instances</c>, <c>jobs</c>.</param>
    /// <param name="act">What was done: <c>create</c>, <c>save</c>, <c>deploy</c>, <c>delete</c>, <c>cancel</c>, <c>retry</c>.</param>
    /// <param name="content">Which one; names and numbers only.</param>
    public ValueTask RecordAsync(Caller caller, string module, string act, string content, string? project, bool succeeded, CancellationToken cancellation) =>
        streams.AppendAsync(
            new AuditRecord
            {
                Account = caller.Account,
                Person = caller.Person,
                AuditTime = time.GetUtcNow(),
                UserName = caller.Name,
                UserId = caller.Person?.ToString("N") ?? caller.Name,
                Result = succeeded ? "success" : "failure",
                ProjectName = project,
                AuditModule = module,
                AuditCategory = act,
                AuditContent = content,
            },
            cancellation);
}
