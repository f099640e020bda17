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

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly FlowCheck _check;
    private readonly TimeProvider _time;

    internal FlowRehearsal(FlowCheck check, TimeProvider time)
    {
        _check = check;
        _time = time;
    }

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
        using var end = new CancellationTokenSource(Longest, _time);
        try
        {
            Walk(FlowProgram.Of(flow), document, lines, end.Token);
        }
        catch (OperationCanceledException)
        {
            lines.Add("timeout: the expressions took too long");
        }
        catch (Exception failure) when (StepFailure.CodeOf(failure) is { } code)
        {
            // The payload is the caller's own sample, so the whole text may be told.
            lines.Add($"{code}: {(failure is MessageTooLargeException ? $"the next step would take in more than {MessageSize.Most} bytes" : failure.Message)}");
        }

        return new FlowTrace(true, lines);
    }

    private void Walk(FlowProgram program, JsonObject document, List<string> lines, CancellationToken cancellation)
    {
        var position = 0;
        for (var i = 0; i < MaxInstructions && position < program.Instructions.Count; i++)
        {
            var evaluation = new Evaluation(document, _time, cancellation);
            position = program.Instructions[position] switch
            {
                Instruction.Jump jump => jump.To,
                Instruction.Test test => Choose(test, evaluation, position, lines),
                Instruction.Run { Step: Step.Respond respond } => Tell(lines, $"{respond.Pointer} respond {respond.Status} {Text(respond.Body.Fill(evaluation))}", program.Instructions.Count),
                Instruction.Run run => Tell(lines, Do(run.Step, document, evaluation), position + 1),
                _ => program.Instructions.Count,
            };
        }
    }

    private static int Choose(Instruction.Test test, Evaluation evaluation, int position, List<string> lines)
    {
        var isTrue = evaluation.IsTrue(test.When);
        return Tell(lines, $"{test.Step.Pointer} when {test.When.Text.Trim()}: {(isTrue ? "yes" : "no")}", isTrue ? position + 1 : test.Otherwise);
    }

    private static string Do(Step step, JsonObject document, Evaluation evaluation)
    {
        switch (step)
        {
            case Step.Set set:
                foreach (var (name, value) in set.Values)
                {
                    document["variables"]![name] = value.Fill(evaluation);
                    evaluation.Changed();
                }

                return $"{set.Pointer} set {string.Join(", ", set.Values.Select(v => $"{v.Key} = {Text(document["variables"]![v.Key])}"))}";
            case Step.Call call:
                var inputs = Template.Fill(call.Inputs, evaluation);
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
