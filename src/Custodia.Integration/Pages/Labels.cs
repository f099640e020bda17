using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Console;
using Custodia.Integration.Api;
using Custodia.Integration.Engine;
using Custodia.Integration.Flows;
using Custodia.Integration.Runtimes;

namespace Custodia.Integration.Pages;

/// <summary>Words, drawings and colours of flows and jobs.</summary>
internal static class Labels
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<Choice> States => [.. Enum.GetValues<JobState>().Select(s => new Choice(Words.Of(s), Of(s)))];

    public static string State(string word) => Texts.Of($"State_{word}");

    public static string Of(JobState state) => State(Words.Of(state));

    public static string Of(RuntimeKind kind) => Texts.Of($"Kind_{Words.Of(kind)}");

    public static string FlowStatus(string status) => Texts.Of($"Status_{status}");

    public static string Count(int count) => count.ToString("N0", CultureInfo.CurrentCulture);

    public static string Took(TimeSpan span) => span.TotalSeconds < 1
        ? Texts.Of("Milliseconds", Math.Max(0, (long)span.TotalMilliseconds))
        : Texts.Of("Seconds", span.TotalSeconds.ToString(span.TotalSeconds < 100 ? "0.0" : "0", CultureInfo.CurrentCulture));

    /// <summary>For reading; the page encodes it.</summary>
    public static string Json(JsonNode? node) => node?.ToJsonString(Indented) ?? "null";

    public static Tone Tone(string state) => state switch
    {
        "done" or "checked" or "running" => Console.Tone.Good,
        "failed" or "errored" => Console.Tone.Danger,
        "in-doubt" or "waiting" or "draft" => Console.Tone.Warning,
        "queued" or "started" => Console.Tone.Info,
        _ => Console.Tone.Neutral,
    };

    public static string IconOf(Trigger? trigger) => trigger switch
    {
        Trigger.Event => "play",
        Trigger.Http => "globe",
        _ => "flow",
    };

    public static string IconOf(Step step) => step switch
    {
        Step.Set => "edit",
        Step.Choice => "flow",
        Step.Log => "log",
        Step.Respond => "message",
        Step.Call call when call.Operation.StartsWith("mail.", StringComparison.Ordinal) => "mail",
        Step.Call call when call.Operation.StartsWith("tickets.", StringComparison.Ordinal) => "ticket",
        Step.Call call when call.Operation.StartsWith("http.", StringComparison.Ordinal) => "globe",
        _ => "plug",
    };

    public static string Of(Trigger? trigger) => trigger switch
    {
        Trigger.Event => Texts.Of("TriggerEvent"),
        Trigger.Http http => $"{http.Method} {http.Path}",
        _ => Texts.Of("TriggerNone"),
    };

    public static string MoreOf(Trigger? trigger) => trigger switch
    {
        Trigger.Event e => e.Type,
        Trigger.Http http => Texts.Of(http.Sync ? "AnswersSync" : "Answers202") + " · " + Texts.Of(http.Anyone ? "OpenToAnyone" : "NeedsToken"),
        _ => Texts.Of("TriggerNoneMore"),
    };

    /// <summary>What a step does, in a few words.</summary>
    public static string Of(Step step) => step switch
    {
        Step.Set set => Texts.Of("Sets", string.Join(", ", set.Values.Select(v => v.Key))),
        Step.Choice => Texts.Of("Chooses"),
        Step.Call { Into: { } into } call => $"{call.Operation} → {into}",
        Step.Call call => call.Operation,
        Step.Log log => $"{log.Level.ToString().ToLowerInvariant()} {log.Category}",
        Step.Respond respond => Texts.Of("Responds", respond.Status),
        _ => "",
    };
}
