using System.Globalization;
using System.Text.RegularExpressions;
using Custodia.Integration.Expressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Custodia.Integration.Flows;

/// <summary>Reads a flow from YAML or JSON. Reports everything it can in one go; the flow is null when its shape does not allow one.</summary>
internal sealed partial class FlowReader(ExpressionCache expressions)
{
    /// <summary>Longest text of a flow, in characters.</summary>
    public const int MaxLength = 256 * 1024;

    private const int MaxDepth = 16;
    private const int MaxSteps = 500;

    public (Flow? Flow, Findings Findings) Read(string text)
    {
        var findings = new Findings();
        if (text.Length > MaxLength)
        {
            findings.Error(new Mark(1, 1), "too-long", $"A flow has at most {MaxLength} characters.");
            return (null, findings);
        }

        try
        {
            var stream = new YamlStream();
            stream.Load(new Parser(new StringReader(text)));
            if (stream.Documents is not [var document])
            {
                findings.Error(new Mark(1, 1), "shape", "The text must hold exactly one flow.");
                return (null, findings);
            }

            return (new Reading(new TemplateReader(expressions, text, findings), findings).Flow(document.RootNode), findings);
        }
        catch (YamlException exception)
        {
            findings.Error(new Mark((int)exception.Start.Line, (int)exception.Start.Column), "yaml", $"This is not YAML: {exception.Message}");
            return (null, findings);
        }
    }

    private sealed class Reading(TemplateReader templates, Findings findings)
    {
        private int _steps;

        public Flow? Flow(YamlNode root)
        {
            if (HasAlias(root) || YamlMap.Of(root, "A flow", findings) is not { } map) return null;
            if (map.Number("flow", 0, 1, 1) != 1) findings.Error(map.At, "version", "'flow: 1' is missing: the version of the language.");
            var name = map.Text("name", mandatory: true) ?? "";
            if (name.Length > 0 && !NamePattern().IsMatch(name)) findings.Error(map.At, "name", "'name' has 1 to 60 letters, digits, dashes or underscores.");
            var description = map.Text("description");
            var mode = map.OneOf("mode", FlowMode.Durable);
            var level = map.OneOf("logLevel", FlowLogLevel.Info);
            var trigger = map.Node("trigger") is { } node ? Trigger(node) : null;
            var steps = map.Node("steps") is { } list ? Steps(list, "/steps", 0) : Missing(map, "steps");
            map.RefuseOthers();
            return new Flow(name, description, mode, level, trigger, steps);
        }

        private Trigger? Trigger(YamlNode node)
        {
            if (YamlMap.Of(node, "'trigger'", findings) is not { } map) return null;
            var at = map.At;
            if (map.Has("http") && map.Has("event")) findings.Error(at, "trigger", "A flow has at most one trigger.");
            Trigger? trigger = null;
            if (map.Node("event") is not null && map.Text("event", mandatory: true) is { } type) trigger = new Trigger.Event(type, at);
            if (map.Node("http") is { } http) trigger = HttpTrigger(http);
            map.RefuseOthers();
            if (trigger is null && !findings.HasErrors) findings.Error(at, "trigger", "A trigger is 'http' or 'event'.");
            return trigger;
        }

        private Trigger.Http? HttpTrigger(YamlNode node)
        {
            if (YamlMap.Of(node, "'http'", findings) is not { } map) return null;
            var method = map.Text("method") ?? "POST";
            var path = map.Text("path", mandatory: true) ?? "";
            var answer = map.Text("answer") ?? "sync";
            var access = map.Text("access") ?? "token";
            if (method is not ("GET" or "POST" or "PUT" or "PATCH" or "DELETE")) findings.Error(map.At, "trigger", "'method' is GET, POST, PUT, PATCH or DELETE.");
            if (path.Length > 0 && !PathPattern().IsMatch(path)) findings.Error(map.At, "trigger", "'path' has up to 200 lower-case letters, digits, dashes and slashes, and begins with a letter or digit.");
            if (answer is not ("sync" or "accepted")) findings.Error(map.At, "trigger", "'answer' is sync or accepted.");
            if (access is not ("token" or "anyone")) findings.Error(map.At, "trigger", "'access' is token or anyone.");
            if (access == "anyone") findings.Note(map.At, "open-trigger", "Anybody can start this flow: it is open without a token.");
            map.RefuseOthers();
            return new Trigger.Http(method, path, answer == "sync", access == "anyone", map.At);
        }

        private IReadOnlyList<Step> Steps(YamlNode node, string pointer, int depth)
        {
            if (node is not YamlSequenceNode list)
            {
                findings.Error(YamlMap.MarkOf(node), "shape", "'steps' must be a list.");
                return [];
            }

            if (depth > MaxDepth)
            {
                findings.Error(YamlMap.MarkOf(node), "too-deep", $"Steps may lie at most {MaxDepth} deep.");
                return [];
            }

            return [.. list.Children.Select((child, i) => Step(child, string.Create(CultureInfo.InvariantCulture, $"{pointer}/{i}"), depth)).OfType<Step>()];
        }

        private Step? Step(YamlNode node, string pointer, int depth)
        {
            if (YamlMap.Of(node, "A step", findings) is not { } map) return null;
            if (++_steps == MaxSteps + 1) findings.Error(map.At, "too-many", $"A flow has at most {MaxSteps} steps.");
            var id = map.Text("id");
            if (id is not null && !NamePattern().IsMatch(id)) findings.Error(map.At, "name", "'id' has 1 to 60 letters, digits, dashes or underscores.");
            string[] kinds = ["set", "choice", "call", "log", "respond"];
            var given = kinds.Where(map.Has).ToArray();
            if (given is not [var kind])
            {
                findings.Error(map.At, "step", given.Length == 0 ? $"A step is one of {string.Join(", ", kinds)}." : $"A step is one thing only, not {string.Join(" and ", given)}.");
                return null;
            }

            Step? step = kind switch
            {
                "set" => SetStep(map, pointer, id),
                "choice" => ChoiceStep(map, pointer, id, depth),
                "call" => CallStep(map, pointer, id),
                "log" => LogStep(map, pointer, id),
                _ => RespondStep(map, pointer, id),
            };
            map.RefuseOthers();
            return step;
        }

        private Step.Set? SetStep(YamlMap map, string pointer, string? id)
        {
            if (map.Node("set") is not YamlMappingNode values)
            {
                findings.Error(map.At, "step", "'set' is a mapping of variable names to values.");
                return null;
            }

            return new Step.Set(Named(values), pointer, id, map.At);
        }

        private Step.Choice? ChoiceStep(YamlMap map, string pointer, string? id, int depth)
        {
            if (map.Node("choice") is not YamlSequenceNode { Children.Count: > 0 } list)
            {
                findings.Error(map.At, "step", "'choice' is a list of branches with 'when' and 'steps'.");
                return null;
            }

            var branches = new List<Branch>();
            for (var i = 0; i < list.Children.Count; i++)
            {
                var at = string.Create(CultureInfo.InvariantCulture, $"{pointer}/choice/{i}");
                if (Branch(list.Children[i], at, depth, last: i == list.Children.Count - 1) is { } branch) branches.Add(branch);
            }

            return new Step.Choice(branches, pointer, id, map.At);
        }

        private Branch? Branch(YamlNode node, string pointer, int depth, bool last)
        {
            if (YamlMap.Of(node, "A branch", findings) is not { } map) return null;
            var when = map.Node("when") is { } condition ? templates.ReadExpression(condition) : null;
            var otherwise = map.Text("otherwise");
            if (map.Has("when") == (otherwise is not null)) findings.Error(map.At, "branch", "A branch has 'when' or 'otherwise: true'.");
            if (otherwise is not (null or "true")) findings.Error(map.At, "branch", "'otherwise' can only be true.");
            if (otherwise is not null && !last) findings.Error(map.At, "unreachable", "What follows 'otherwise' is never reached.");
            var steps = map.Node("steps") is { } list ? Steps(list, $"{pointer}/steps", depth + 1) : Missing(map, "steps");
            map.RefuseOthers();
            return new Branch(when, steps, pointer, map.At);
        }

        private Step.Call CallStep(YamlMap map, string pointer, string? id)
        {
            var operation = map.Text("call", mandatory: true) ?? "";
            IReadOnlyList<KeyValuePair<string, Template>> inputs = map.Node("with") switch
            {
                null => [],
                YamlMappingNode values => Named(values),
                var other => Wrong(other),
            };
            var into = map.Text("into");
            if (into is not null && !NamePattern().IsMatch(into)) findings.Error(map.At, "name", "'into' names a variable: 1 to 60 letters, digits, dashes or underscores.");
            var timeout = map.Duration("timeout", TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
            var retry = map.Node("retry") is { } node && YamlMap.Of(node, "'retry'", findings) is { } how ? Retry(how) : Flows.Retry.None;
            return new Step.Call(operation, inputs, into, retry, timeout, pointer, id, map.At);

            IReadOnlyList<KeyValuePair<string, Template>> Wrong(YamlNode other)
            {
                findings.Error(YamlMap.MarkOf(other), "type", "'with' is a mapping of inputs to values.");
                return [];
            }
        }

        private static Retry Retry(YamlMap map)
        {
            var retry = new Retry(
                map.Number("times", 0, 0, 5),
                map.Duration("backoff", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60)));
            map.RefuseOthers();
            return retry;
        }

        private Step.Log? LogStep(YamlMap map, string pointer, string? id)
        {
            if (YamlMap.Of(map.Node("log")!, "'log'", findings) is not { } log) return null;
            var level = log.OneOf("level", FlowLogLevel.Info);
            var category = log.Text("category", mandatory: true) ?? "";
            if (category.Length > 0 && !NamePattern().IsMatch(category)) findings.Error(log.At, "name", "'category' has 1 to 60 letters, digits, dashes or underscores.");
            log.RefuseOthers();
            return new Step.Log(level, category, pointer, id, map.At);
        }

        private Step.Respond? RespondStep(YamlMap map, string pointer, string? id)
        {
            if (YamlMap.Of(map.Node("respond")!, "'respond'", findings) is not { } respond) return null;
            var status = respond.Number("status", 200, 200, 599);
            var body = respond.Node("body") is { } node ? templates.Read(node) : new Template.Fixed(null);
            respond.RefuseOthers();
            return new Step.Respond(status, body, pointer, id, map.At);
        }

        private IReadOnlyList<KeyValuePair<string, Template>> Named(YamlMappingNode values)
        {
            var named = new List<KeyValuePair<string, Template>>();
            foreach (var (key, value) in values.Children)
            {
                if (key is YamlScalarNode { Value: { } name } && NamePattern().IsMatch(name)) named.Add(KeyValuePair.Create(name, templates.Read(value)));
                else findings.Error(YamlMap.MarkOf(key), "name", "A name has 1 to 60 letters, digits, dashes or underscores.");
            }

            return named;
        }

        private IReadOnlyList<Step> Missing(YamlMap map, string key)
        {
            findings.Error(map.At, "missing", $"'{key}' is missing.");
            return [];
        }

        /// <summary>Anchors would let a short text stand for an endless one.</summary>
        private bool HasAlias(YamlNode root)
        {
            var anchored = root.AllNodes.FirstOrDefault(n => !n.Anchor.IsEmpty);
            if (anchored is not null) findings.Error(YamlMap.MarkOf(anchored), "alias", "Anchors and aliases are not allowed.");
            return anchored is not null;
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,60}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[a-z0-9][a-z0-9/-]{0,199}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PathPattern();
}
