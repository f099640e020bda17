using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins;

/// <summary>What a program says aside goes to the caller's sink, never to the console.</summary>
internal static class Asides
{
    public static IEnumerable<Native> All =>
    [
        new("debug", 0, static (run, in input, _) => Say(run, input, isRaw: false)),
        new("stderr", 0, static (run, in input, _) => Say(run, input, isRaw: true)),
    ];

    private static JqValue Say(Run run, in JqValue value, bool isRaw)
    {
        if (run.Options.Messages is not { } say) return value;
        run.GiveAway();
        say(new JqMessage(value, isRaw));
        return value;
    }
}
