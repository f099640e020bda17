using Custodia.Integration.Connectors;
using Custodia.Integration.Expressions;
using Custodia.Jq;

namespace Custodia.Integration.Flows;

/// <summary>
/// What can be known of a flow before it runs: operations and inputs that exist, variables that were set, steps that can be reached,
/// and that no personal field goes to a connector which the policy's labels do not allow.
/// </summary>
internal sealed class FlowCheck(ExpressionCache expressions, OperationCatalogue operations, EventLabels events)
{
    /// <summary>Reads and checks. A flow with errors is a draft and cannot be deployed.</summary>
    public CheckedFlow Check(string text)
    {
        var (flow, findings) = Read(text);
        if (flow is not null) new Walk(operations, events, findings).Flow(flow);
        return new CheckedFlow(findings.HasErrors ? null : flow, findings.All);
    }

    /// <summary>Reads without judging: for a version that was checked when it was deployed.</summary>
    public (Flow? Flow, Findings Findings) Read(string text) => new FlowReader(expressions).Read(text);

    private sealed class Walk(OperationCatalogue operations, EventLabels events, Findings findings)
    {
        private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
        private LabelScope _scope = new();
        private FlowMode _mode;

        public void Flow(Flow flow)
        {
            _mode = flow.Mode;
            if (_mode == FlowMode.Express && flow.Trigger is not Trigger.Http { Sync: true })
                findings.Error(flow.Trigger?.At ?? new Mark(1, 1), "express", "An express flow answers its caller: it needs an 'http' trigger with 'answer: sync'.");
            if (flow.Trigger is Trigger.Event trigger)
            {
                if (events.Of(trigger.Type) is { } labels) _scope.SetPayload(labels);
                else findings.Error(trigger.At, "unknown-event", $"There is no event '{trigger.Type}'; known are {string.Join(", ", events.Types)}.");
            }

            if (flow.Trigger is Trigger.Http { Sync: true } http && !Responds(flow.Steps))
                findings.Error(http.At, "no-respond", "A flow that answers sync needs a 'respond' step.");
            Steps(flow.Steps);
        }

        private void Steps(IReadOnlyList<Step> steps)
        {
            Step? end = null;
            foreach (var step in steps)
            {
                if (end is not null) findings.Error(step.At, "unreachable", $"This step is never reached: '{end.Label}' ends the flow.");
                if (step.Id is { } id && !_ids.Add(id)) findings.Error(step.At, "duplicate-id", $"The id '{id}' is used twice.");
                Visit(step);
                if (Ends(step)) end ??= step;
            }
        }

        private void Visit(Step step)
        {
            switch (step)
            {
                case Step.Set set:
                    foreach (var (name, value) in set.Values) _scope.SetVariable(name, Labels(value.Expressions, set.At));
                    break;
                case Step.Choice choice:
                    Choice(choice);
                    break;
                case Step.Call call:
                    Call(call);
                    break;
                case Step.Respond respond:
                    Labels(respond.Body.Expressions, respond.At);
                    break;
            }
        }

        private void Choice(Step.Choice choice)
        {
            var before = _scope;
            var after = new List<LabelScope>();
            foreach (var branch in choice.Branches)
            {
                _scope = before.Copy();
                if (branch.When is { } when) Labels([when], branch.At);
                Steps(branch.Steps);
                if (!branch.Steps.Any(Ends)) after.Add(_scope);
            }

            // A variable counts as set afterwards only when every way through sets it; labels of all ways remain.
            if (choice.Branches.All(b => b.When is not null)) after.Add(before);
            _scope = LabelScope.Join(after) ?? before;
        }

        private void Call(Step.Call call)
        {
            if (operations.Find(call.Operation)?.Shape is not { } shape)
            {
                findings.Error(call.At, "unknown-operation", $"There is no operation '{call.Operation}'; known are {string.Join(", ", operations.Shapes.Select(s => s.Name))}.");
                return;
            }

            if (_mode == FlowMode.Express && call.Retry.Times > 0) findings.Error(call.At, "express", "An express flow runs at most once: it cannot try a call again.");
            foreach (var (name, value) in call.Inputs) Input(call, shape, name, value);
            foreach (var input in shape.Inputs.Where(i => i.Mandatory && call.Inputs.All(given => given.Key != i.Name)))
                findings.Error(call.At, "missing-input", $"'{shape.Name}' needs the input '{input.Name}'.");
            if (call.Into is { } into) _scope.SetVariable(into, []);
            else _scope.ClearPayload();
        }

        private void Input(Step.Call call, OperationShape shape, string name, Template value)
        {
            var input = shape.Inputs.FirstOrDefault(i => i.Name == name);
            if (input is null)
            {
                findings.Error(call.At, "unknown-input", $"'{shape.Name}' has no input '{name}'; it has {string.Join(", ", shape.Inputs.Select(i => i.Name))}.");
                return;
            }

            if (!InputFit.Fits(input.Kind, value)) findings.Error(call.At, "input-type", $"The input '{name}' of '{shape.Name}' must be a {input.Kind.ToString().ToLowerInvariant()}.");
            foreach (var label in Labels(value.Expressions, call.At).Where(l => !shape.MayReceive(l)).Order(StringComparer.Ordinal))
                findings.Error(call.At, "label", $"'{shape.Name}' is not a declared recipient of {label} (input '{name}').");
        }

        private HashSet<string> Labels(IEnumerable<JqProgram> read, Mark at)
        {
            var labels = new HashSet<string>(StringComparer.Ordinal);
            foreach (var path in read.SelectMany(e => e.Reads))
            {
                if (path is ["variables", var name, ..] && !_scope.Has(name)) findings.Error(at, "undefined-variable", $"The variable '{name}' is not set here.");
                else if (path is [var root, ..] && root is not ("payload" or "attributes" or "variables" or "error")) findings.Error(at, "unknown-path", $"'.{root}' is not known; a message has .payload, .attributes, .variables and .error.");
                labels.UnionWith(_scope.LabelsOf(path));
            }

            return labels;
        }

        private static bool Ends(Step step) => step switch
        {
            Step.Respond => true,
            Step.Choice choice => choice.Branches.Any(b => b.When is null) && choice.Branches.All(b => b.Steps.Any(Ends)),
            _ => false,
        };

        private static bool Responds(IEnumerable<Step> steps) =>
            steps.Any(s => s is Step.Respond || (s is Step.Choice choice && choice.Branches.Any(b => Responds(b.Steps))));
    }
}

/// <param name="Flow">Null when there are errors.</param>
internal sealed record CheckedFlow(Flow? Flow, IReadOnlyList<Finding> Findings);
