using System.Text.Json.Nodes;
using Custodia.Integration.Expressions;
using Custodia.Jq;

namespace Custodia.Integration.Flows;

/// <summary>A flow as it was written, read and checked: what the engine runs. Immutable, so jobs share it.</summary>
/// <param name="Name">1 to 60 characters: letters, digits, dash, underscore.</param>
/// <param name="Trigger">Null for a subflow.</param>
internal sealed record Flow(string Name, string? Description, FlowMode Mode, FlowLogLevel LogLevel, Trigger? Trigger, IReadOnlyList<Step> Steps);

/// <summary>What a flow promises.</summary>
internal enum FlowMode
{
    /// <summary>Stored before its trigger is acknowledged, resumed after a crash: every step at least once.</summary>
    Durable,

    /// <summary>In memory while the caller waits: at most once.</summary>
    Express,
}

internal enum FlowLogLevel
{
    Debug,
    Info,
    Warning,
    Error,
    Off,
}

/// <summary>What starts a flow.</summary>
internal abstract record Trigger(Mark At)
{
    /// <summary>A request to <c>/flow/{appId}/{path}</c>.</summary>
    /// <param name="Sync">Whether the caller waits for <c>respond</c>; otherwise 202 with the job's id.</param>
    /// <param name="Anyone">Whether it is open without a token.</param>
    public sealed record Http(string Method, string Path, bool Sync, bool Anyone, Mark At) : Trigger(At);

    /// <summary>A domain event, e.g. <c>identity.user.registered</c>.</summary>
    public sealed record Event(string Type, Mark At) : Trigger(At);
}

/// <summary>One step. Its pointer (RFC 6901) names it in jobs, logs and errors.</summary>
/// <param name="Pointer">Where it stands in the document, e.g. <c>/steps/1/choice/0/steps/2</c>.</param>
internal abstract record Step(string Pointer, string? Id, Mark At)
{
    /// <summary>The word of the language: <c>set</c>, <c>choice</c>, <c>call</c>, <c>log</c>, <c>respond</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>What people read: the id where given, else the kind.</summary>
    public string Label => Id ?? Kind;

    /// <summary>Sets variables, in order.</summary>
    public sealed record Set(IReadOnlyList<KeyValuePair<string, Template>> Values, string Pointer, string? Id, Mark At) : Step(Pointer, Id, At)
    {
        public override string Kind => "set";
    }

    /// <summary>Runs the first branch whose condition is true; none is no error.</summary>
    public sealed record Choice(IReadOnlyList<Branch> Branches, string Pointer, string? Id, Mark At) : Step(Pointer, Id, At)
    {
        public override string Kind => "choice";
    }

    /// <summary>Asks a connector's operation.</summary>
    /// <param name="Into">Variable that takes the output; null keeps it as the payload.</param>
    public sealed record Call(string Operation, IReadOnlyList<KeyValuePair<string, Template>> Inputs, string? Into, Retry Retry, TimeSpan Timeout, string Pointer, string? Id, Mark At) : Step(Pointer, Id, At)
    {
        public override string Kind => "call";
    }

    /// <summary>Writes a record to the running log, which by policy has a category and no free text.</summary>
    public sealed record Log(FlowLogLevel Level, string Category, string Pointer, string? Id, Mark At) : Step(Pointer, Id, At)
    {
        public override string Kind => "log";
    }

    /// <summary>Answers the caller of an HTTP trigger and ends the flow.</summary>
    public sealed record Respond(int Status, Template Body, string Pointer, string? Id, Mark At) : Step(Pointer, Id, At)
    {
        public override string Kind => "respond";
    }
}

/// <param name="When">Null for <c>otherwise</c>.</param>
internal sealed record Branch(JqProgram? When, IReadOnlyList<Step> Steps, string Pointer, Mark At);

/// <param name="Times">Tries after the first: 0 to 5.</param>
/// <param name="Backoff">Pause before the first retry, doubled each time: 100 ms to 60 s.</param>
internal sealed record Retry(int Times, TimeSpan Backoff)
{
    public static readonly Retry None = new(0, TimeSpan.FromSeconds(1));
}

/// <summary>A place in the flow's text, both from 1.</summary>
internal readonly record struct Mark(int Line, int Column);

/// <summary>Something that is wrong or worth knowing about a flow.</summary>
/// <param name="Rule">Stable code, e.g. <c>unknown-operation</c>.</param>
internal sealed record Finding(FindingSeverity Severity, int Line, int Column, string Rule, string Message);

internal enum FindingSeverity
{
    Note,
    Error,
}

/// <summary>What a step sees and changes.</summary>
internal sealed class Message
{
    public JsonNode? Payload { get; set; }

    public JsonObject Attributes { get; init; } = [];

    public JsonObject Variables { get; init; } = [];

    /// <summary>The failure being handled, in the shape of RFC 9457 with the step's pointer as <c>instance</c>; null otherwise.</summary>
    public JsonObject? Error { get; set; }

    /// <summary>The document that expressions read: <c>{ payload, attributes, variables, error }</c>.</summary>
    public JsonObject ToDocument() => new()
    {
        ["payload"] = Payload?.DeepClone(),
        ["attributes"] = Attributes.DeepClone(),
        ["variables"] = Variables.DeepClone(),
        ["error"] = Error?.DeepClone(),
    };

    public static Message FromDocument(JsonObject document) => new()
    {
        Payload = document["payload"]?.DeepClone(),
        Attributes = document["attributes"]?.DeepClone() as JsonObject ?? [],
        Variables = document["variables"]?.DeepClone() as JsonObject ?? [],
        Error = document["error"]?.DeepClone() as JsonObject,
    };
}
