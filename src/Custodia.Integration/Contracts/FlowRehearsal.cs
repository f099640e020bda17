using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Integration.Engine;
using Custodia.Integration.Expressions;
using Custodia.Integration.Flows;

namespace Custodia.Integration.Contracts;

/// <summary>Runs a flow's text in memory, to see which way it goes: connectors are not asked, and nothing is stored or logged.</summary>
public sealed class FlowRehearsal
{
    private const int MaxInstructions = 10_000;

    private readonly FlowCheck _check;

    internal FlowRehearsal(FlowCheck check) => _check = check;

    /// <summary>Checks and runs a flow.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="payload">What the trigger would bring, as JSON; null for nothing.</param>
    /// <returns>What there is to see, line by line; a call shows its inputs and yields an empty object.</returns>
    /// <exception cref="JsonException">The payload is not JSON.</exception>
    public FlowTrace Run(string text, string? payload)
    {
        var found = _check.Check(text);
        var lines = found.Findings.Select(f => $"line {f.Line}, column {f.Column}: {(f.Severity == FindingSeverity.Error ? "error" : "note")} {f.Rule}: {f.Message}").ToList();
        if (found.Flow is not { } flow) return new FlowTrace(false, lines);
        var document = new Message { Payload = payload is null ? null : JsonNode.Parse(payload) }.ToDocument();
        try
        {
            Walk(FlowProgram.Of(flow), document, lines);
        }
        catch (MessageTooLargeException)
        {
            lines.Add($"{MessageTooLargeException.Code}: the next step would take in more than {MessageSize.Most} bytes");
        }

        return new FlowTrace(true, lines);
    }

    private static void Walk(FlowProgram program, JsonObject document, List<string> lines)
    {
        var position = 0;
        for (var i = 0; i < MaxInstructions && position < program.Instructions.Count; i++)
        {
            position = program.Instructions[position] switch
            {
                Instruction.Jump jump => jump.To,
                Instruction.Test test => Tell(lines, $"{test.Step.Pointer} when {test.When.Text.Trim()}: {(JobRunner.IsTrue(test.When.Evaluate(document)) ? "yes" : "no")}", JobRunner.IsTrue(test.When.Evaluate(document)) ? position + 1 : test.Otherwise),
                Instruction.Run { Step: Step.Respond respond } => Tell(lines, $"{respond.Pointer} respond {respond.Status} {Text(respond.Body.Fill(document))}", program.Instructions.Count),
                Instruction.Run run => Tell(lines, Do(run.Step, document), position + 1),
                _ => program.Instructions.Count,
            };
        }
    }

    private static string Do(Step step, JsonObject document)
    {
        switch (step)
        {
            case Step.Set set:
                foreach (var (name, value) in set.Values) document["variables"]![name] = value.Fill(document);
                return $"{set.Pointer} set {string.Join(", ", set.Values.Select(v => $"{v.Key} = {Text(document["variables"]![v.Key])}"))}";
            case Step.Call call:
                var inputs = Template.Fill(call.Inputs, document);
                if (call.Into is { } into) document["variables"]![into] = new JsonObject();
                else document["payload"] = new JsonObject();
                return $"{call.Pointer} call {call.Operation} {Text(inputs)} (not asked)";
            case Step.Log log:
                return $"{log.Pointer} log {log.Category}";
            default:
                return step.Pointer;
        }
    }

    private static int Tell(List<string> lines, string line, int next)
    {
        lines.Add(line);
        return next;
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";
}

/// <param name="Ran">False when the flow has errors, which are then the lines.</param>
public sealed record FlowTrace(bool Ran, IReadOnlyList<string> Lines);
