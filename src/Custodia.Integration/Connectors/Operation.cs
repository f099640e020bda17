using System.Text.Json.Nodes;
using Custodia.Kernel.Storage;

namespace Custodia.Integration.Connectors;

/// <summary>One thing that a connector can be asked, e.g. <c>mail.send</c>. Safe for concurrent use.</summary>
internal interface IOperation
{
    OperationShape Shape { get; }

    /// <summary>What may be done when it is not known whether a call with these inputs took effect.</summary>
    Repeat RepeatOf(JsonObject inputs) => Shape.Repeat;

    /// <summary>The inputs as a job keeps them for people: without what only opens doors.</summary>
    JsonObject Shown(JsonObject inputs) => inputs;

    /// <summary>Does it. Expected failures are outcomes; what is thrown counts as a failure that is not repeated.</summary>
    Task<OperationOutcome> RunAsync(OperationCall call, CancellationToken cancellation);
}

/// <summary>What the check and the forms need to know of an operation.</summary>
/// <param name="Name">Connector and operation, e.g. <c>http.request</c>.</param>
/// <param name="Receives">
/// Policy fields that it may receive, as <c>category/field</c> or <c>category/*</c>: it is a declared recipient of these.
/// </param>
internal sealed record OperationShape(string Name, Repeat Repeat, IReadOnlyList<InputShape> Inputs, IReadOnlyList<string> Receives)
{
    public string Connector => Name[..Name.IndexOf('.', StringComparison.Ordinal)];

    public string Operation => Name[(Name.IndexOf('.', StringComparison.Ordinal) + 1)..];

    public bool MayReceive(string label) =>
        Receives.Any(r => r == label || (r.EndsWith("/*", StringComparison.Ordinal) && label.StartsWith(r.AsSpan(0, r.Length - 1), StringComparison.Ordinal)));
}

internal enum InputKind
{
    Text,
    Number,
    Boolean,
    Object,
    Any,
}

internal sealed record InputShape(string Name, InputKind Kind, bool Mandatory);

/// <summary>What the engine may do when it does not know whether a call took effect.</summary>
internal enum Repeat
{
    /// <summary>Asking twice is the same as asking once.</summary>
    Idempotent,

    /// <summary>The receiver honours the idempotency key.</summary>
    Keyed,

    /// <summary>Asking again may do it twice: a person decides.</summary>
    Unsafe,
}

/// <param name="Account">The account's <c>uin</c>.</param>
/// <param name="Person">The person whose job it is, where the trigger has one.</param>
/// <param name="Key">Idempotency key: 64 hex digits, the same at each try.</param>
internal sealed record OperationCall(long Account, Guid? Person, JsonObject Inputs, string Key, TimeSpan Timeout)
{
    public string? Text(string name) => Inputs[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

internal abstract record OperationOutcome
{
    /// <param name="Effect">What is to commit in one transaction with the step, e.g. a mail on its way: done once or not at all.</param>
    public sealed record Done(JsonNode? Output, Func<ModuleContext, CancellationToken, Task>? Effect = null) : OperationOutcome;

    /// <param name="Code">Stable, e.g. <c>connection-refused</c>, <c>http-503</c>.</param>
    /// <param name="Title">For people; without personal data.</param>
    /// <param name="Transient">Whether a later try may succeed.</param>
    /// <param name="Uncertain">Whether it may have taken effect all the same, as after a time-out.</param>
    public sealed record Failed(string Code, string Title, bool Transient, bool Uncertain = false) : OperationOutcome;
}

/// <summary>All operations there are, by name.</summary>
internal sealed class OperationCatalogue(IEnumerable<IOperation> operations)
{
    private readonly Dictionary<string, IOperation> _operations = operations.ToDictionary(o => o.Shape.Name, StringComparer.Ordinal);

    public IEnumerable<OperationShape> Shapes => _operations.Values.Select(o => o.Shape).OrderBy(s => s.Name, StringComparer.Ordinal);

    public IOperation? Find(string name) => _operations.GetValueOrDefault(name);
}
