using Custodia.Console;
using Custodia.Integration.Api;
using Custodia.Integration.Engine;
using Custodia.Integration.Flows;
using Custodia.Integration.Runtimes;

namespace Custodia.Integration.Pages;

/// <summary>Words and colours of states.</summary>
internal static class Labels
{
    public static string State(string word) => Texts.Of($"State_{word}");

    public static string Of(JobState state) => State(Words.Of(state));

    public static string Of(RuntimeKind kind) => Texts.Of($"Kind_{Words.Of(kind)}");

    public static string FlowStatus(string status) => Texts.Of($"Status_{status}");

    public static Tone Tone(string state) => state switch
    {
        "done" or "checked" or "running" => Console.Tone.Good,
        "failed" => Console.Tone.Danger,
        "in-doubt" or "waiting" or "draft" => Console.Tone.Warning,
        "queued" or "started" => Console.Tone.Info,
        _ => Console.Tone.Neutral,
    };

    public static string Of(Trigger? trigger) => trigger switch
    {
        Trigger.Event e => Texts.Of("TriggerEvent", e.Type),
        Trigger.Http http => Texts.Of("TriggerHttp", http.Method, http.Path),
        _ => Texts.Of("TriggerNone"),
    };

    /// <summary>What a step does, in a few words.</summary>
    public static string Of(Step step) => step switch
    {
        Step.Set set => string.Join(", ", set.Values.Select(v => v.Key)),
        Step.Call call => call.Operation,
        Step.Log log => log.Category,
        Step.Respond respond => respond.Status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => "",
    };
}
