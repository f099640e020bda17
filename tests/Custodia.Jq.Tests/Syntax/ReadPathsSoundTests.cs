using System.Text.Json.Nodes;
using Custodia.Jq.Tests.Fuzz;

namespace Custodia.Jq.Tests.Syntax;

/// <summary>What a program is not said to read may be anything: its outputs and errors stay the same.</summary>
public sealed class ReadPathsSoundTests
{
    private const int Programs = 6000;
    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly JqOptions Options = new() { Clock = new Stopped(), Limits = JqLimits.Default with { Steps = 50_000, TextLength = 100_000, Items = 10_000, Outputs = 100, Time = TimeSpan.FromSeconds(30) } };

    [Fact]
    public void What_a_program_is_not_said_to_read_does_not_matter_to_it()
    {
        var examined = 0;
        for (var seed = 1UL; seed <= Programs; seed++)
        {
            var dice = new Dice(seed);
            var text = Program(dice);
            if (JqProgram.Compile(text, ["x", "y"]) is not JqCompilation.Compiled { Program: var program } || program.Reads.Any(place => place.Count == 0)) continue;
            var input = Input(dice);
            var other = (JsonObject)input.DeepClone();
            if (!Change(other, program.Reads, dice)) continue;
            if (Outcome(program, input) is not { } one || Outcome(program, other) is not { } two) continue;
            two.ShouldBe(one, $"{text}\non {input.ToJsonString()}\nand {other.ToJsonString()}\nreads {string.Join(' ', program.Reads.Select(place => string.Join('.', place)))}");
            examined++;
        }

        examined.ShouldBeGreaterThan(Programs / 10);
    }

    /// <summary>Programs that use their input whole tell little, so most begin with a part of it.</summary>
    private static string Program(Dice dice)
    {
        var inner = new ProgramGenerator(dice).Program();
        return dice.Below(6) switch
        {
            0 => inner,
            1 => $".a as $x | .b.a as $y | .c | {inner}",
            2 => $"{{ a: .b.a, b: .a }} | {inner}",
            3 => $"def part: {inner}; (.b | part), .a",
            4 => $"[.a, .b.b] as [$x, $y] | null | {inner}",
            _ => $".{dice.Of(Names)}{(dice.OneIn(2) ? "" : "." + dice.Of(Names))}? | {inner}",
        };
    }

    private static JsonObject Input(Dice dice)
    {
        var input = new JsonObject();
        foreach (var name in Names) input[name] = Value(dice);
        if (dice.OneIn(2)) input["b"] = new JsonObject(Names.Select(name => KeyValuePair.Create(name, Value(dice))));
        return input;
    }

    private static JsonNode? Value(Dice dice) => JsonNode.Parse(new ProgramGenerator(dice).Input(2));

    /// <summary>Other values wherever nothing is read; false when everything is.</summary>
    private static bool Change(JsonObject node, IReadOnlyList<IReadOnlyList<string>> reads, Dice dice)
    {
        var isChanged = false;
        foreach (var name in Names)
        {
            var below = reads.Where(place => place[0] == name).Select(place => (IReadOnlyList<string>)[.. place.Skip(1)]).ToList();
            if (below.Count == 0)
            {
                node[name] = Value(dice);
                isChanged = true;
            }
            else if (below.TrueForAll(place => place.Count > 0) && node[name] is JsonObject inner)
            {
                isChanged |= Change(inner, below, dice);
            }
        }

        return isChanged;
    }

    /// <summary>Everything that can be seen of a run; null when it went beyond a limit.</summary>
    private static string? Outcome(JqProgram program, JsonObject input)
    {
        var seen = new List<string>();
        try
        {
            seen.AddRange(program.Run(JqValue.From(input), Options).Select(value => value.ToJson()));
        }
        catch (JqException exception)
        {
            seen.Add($"error {exception.Value.ToJson()}");
        }
        catch (JqLimitException)
        {
            return null;
        }

        return string.Join('\n', seen);
    }

    private sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(55);
    }
}
