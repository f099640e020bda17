using Custodia.Jq.Syntax;

namespace Custodia.Jq.Testing;

/// <summary>A case of a test file.</summary>
/// <param name="Line">Where its program stands, from 1.</param>
/// <param name="MustNotCompile">Whether it only says that the program is wrong; messages are not compared, as ours differ.</param>
/// <param name="Input">JSON.</param>
/// <param name="Outputs">JSON, one each.</param>
public sealed record JqTest(int Line, string Program, bool MustNotCompile, string Input, IReadOnlyList<string> Outputs)
{
    /// <summary>What the language leaves out by decision, and why a program that names it is not applicable.</summary>
    private static readonly Dictionary<string, string> LeftOut = new(StringComparer.Ordinal)
    {
        ["input"] = "a program has one input, which its caller gives",
        ["inputs"] = "a program has one input, which its caller gives",
        ["input_filename"] = "a program has one input, which its caller gives",
        ["input_line_number"] = "a program has one input, which its caller gives",
        ["env"] = "programs do not see the environment",
        ["$ENV"] = "programs do not see the environment",
        ["halt"] = "a program cannot end its process",
        ["halt_error"] = "a program cannot end its process",
        ["modulemeta"] = "there are no modules",
        ["get_search_list"] = "there are no modules",
    };

    /// <summary>The reason when the program needs something that the language leaves out by decision; else null.</summary>
    public string? NotApplicable
    {
        get
        {
            var tokens = new Lexer(Program, []).Read();
            if (tokens[0] is { Kind: TokenKind.Keyword, Text: "import" or "include" } or { Kind: TokenKind.Identifier, Text: "module" }) return "there are no modules";
            foreach (var token in tokens)
            {
                var name = token.Kind switch { TokenKind.Identifier => token.Text, TokenKind.Variable => "$" + token.Text, _ => "" };
                if (LeftOut.TryGetValue(name, out var reason)) return $"{name}: {reason}";
            }

            return null;
        }
    }

    /// <summary>Runs it. As in jq, an error after the last output that is wanted is none.</summary>
    /// <exception cref="OperationCanceledException"/>
    public JqTestResult Run(JqOptions options, CancellationToken cancellation = default)
    {
        if (NotApplicable is { } reason) return new JqTestResult.NotApplicable(reason);
        var compilation = JqProgram.Compile(Program);
        if (compilation is JqCompilation.Invalid invalid) return MustNotCompile ? new JqTestResult.Passed() : new JqTestResult.Failed(Wanted(0), $"{invalid.Errors[0].Message} (column {invalid.Errors[0].Column})");
        if (MustNotCompile) return new JqTestResult.Failed("an error", "a program");
        try
        {
            var expected = Outputs.Select(JqValue.Parse).ToArray();
            return Compare(((JqCompilation.Compiled)compilation).Program.Run(JqValue.Parse(Input), options, cancellation), expected);
        }
        catch (JqJsonException exception)
        {
            return new JqTestResult.Failed("JSON in the test", exception.Message);
        }
    }

    private JqTestResult Compare(IEnumerable<JqValue> outputs, JqValue[] expected)
    {
        var count = 0;
        try
        {
            foreach (var output in outputs)
            {
                if (count == expected.Length) return new JqTestResult.Failed("no more", output.ToJson());
                if (!output.Equals(expected[count])) return new JqTestResult.Failed(Wanted(count), output.ToJson());
                count++;
            }
        }
        catch (Exception exception) when (exception is JqException or JqLimitException)
        {
            if (count < expected.Length || exception is JqLimitException) return new JqTestResult.Failed(Wanted(count), $"error: {exception.Message}");
        }

        return count == expected.Length ? new JqTestResult.Passed() : new JqTestResult.Failed(Wanted(count), "no more");
    }

    private string Wanted(int index) => index < Outputs.Count ? Outputs[index] : "no more";
}

/// <summary>What running a <see cref="JqTest"/> gave.</summary>
public abstract record JqTestResult
{
    private JqTestResult()
    {
    }

    /// <summary>As expected.</summary>
    public sealed record Passed : JqTestResult;

    /// <summary>The first difference.</summary>
    public sealed record Failed(string Expected, string Got) : JqTestResult;

    /// <summary>The program needs something that the language leaves out by decision.</summary>
    public sealed record NotApplicable(string Reason) : JqTestResult;
}
