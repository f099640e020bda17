using Custodia.Jq;

namespace Custodia.Server.Jq;

/// <summary>What the command line gives to a program: a variable each, and all of them in <c>$ARGS</c>.</summary>
internal static class JqVariables
{
    public const string Whole = "ARGS";

    public static IReadOnlyCollection<string> NamesOf(JqArguments arguments) => [.. arguments.Named.Select(n => n.Key), Whole];

    public static IReadOnlyDictionary<string, JqValue> Of(JqArguments arguments)
    {
        var values = new Dictionary<string, JqValue>(StringComparer.Ordinal)
        {
            [Whole] = JqValue.Of(new JqObject([
                KeyValuePair.Create("positional", JqValue.Of(new JqArray(arguments.Positional))),
                KeyValuePair.Create("named", JqValue.Of(new JqObject(arguments.Named))),
            ])),
        };
        foreach (var (name, value) in arguments.Named) values[name] = value;
        return values;
    }
}
