using System.Collections;
using Custodia.Jq.Compiling;
using Custodia.Jq.Running;
using Custodia.Jq.Syntax;

namespace Custodia.Jq;

/// <summary>A compiled program: immutable, may be run by any number of threads at once.</summary>
public sealed class JqProgram
{
    private const int LongestText = 1024 * 1024;
    private readonly Node _node;
    private readonly int _slots;
    private readonly string[] _variables;
    private readonly Lazy<IReadOnlyList<IReadOnlyList<string>>> _reads;

    private JqProgram(string text, SyntaxNode syntax, Node node, int slots, string[] variables)
    {
        Text = text;
        _reads = new(() => ReadPaths.Of(syntax));
        _node = node;
        _slots = slots;
        _variables = variables;
    }

    /// <summary>Its text.</summary>
    public string Text { get; }

    /// <summary>
    /// The places of the input that it may read, as names from the top, e.g. <c>payload</c>, <c>email</c> for <c>.payload.email</c>.
    /// Where a name is not known before it runs, the place above stands for everything below it; no names stand for the whole input.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Reads => _reads.Value;

    /// <summary>Compiles a program of jq 1.8.</summary>
    /// <param name="text">The program.</param>
    /// <param name="variables">Names of the global variables that it may use, without the dollar sign.</param>
    public static JqCompilation Compile(string text, IReadOnlyCollection<string>? variables = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var errors = new List<SyntaxError>();
        string[] given = [.. variables ?? []];
        if (text.Length > LongestText) errors.Add(new SyntaxError($"a program has at most {LongestText} characters", LongestText));
        else if (Parser.Parse(text, errors) is { } syntax) return Compile(text, syntax, given, errors);
        return Invalid(text, errors);
    }

    /// <summary>Runs it; each output is computed when it is asked for. Enumerating again runs it again.</summary>
    /// <exception cref="JqException">While enumerating: the program raised an error and did not catch it.</exception>
    /// <exception cref="JqLimitException">While enumerating: it went beyond a limit.</exception>
    /// <exception cref="OperationCanceledException">While enumerating.</exception>
    public IEnumerable<JqValue> Run(JqValue input, JqOptions? options = null, CancellationToken cancellation = default) =>
        new Outputs(this, input, options ?? JqOptions.Default, cancellation);

    private IEnumerator<JqValue> Start(JqValue input, JqOptions options, CancellationToken cancellation)
    {
        var frame = new Frame(null, _slots, []);
        for (var i = 0; i < _variables.Length; i++) frame.Slots[i] = options.Variables.GetValueOrDefault(_variables[i]);
        return new Run(options, cancellation).Outputs(_node, frame, input);
    }

    private static JqCompilation Compile(string text, SyntaxNode syntax, string[] variables, List<SyntaxError> errors)
    {
        try
        {
            Names.Check(syntax, variables, errors);
            if (errors.Count > 0) return Invalid(text, errors);
            var (node, slots) = Compiler.Compile(text, syntax, variables);
            return new JqCompilation.Compiled(new JqProgram(text, syntax, node, slots, variables));
        }
        catch (InsufficientExecutionStackException)
        {
            return Invalid(text, [new SyntaxError("the program is nested too deeply", 0)]);
        }
    }

    private static JqCompilation.Invalid Invalid(string text, List<SyntaxError> errors) => new(
    [
        .. errors.OrderBy(e => e.At).DistinctBy(e => (e.At, e.Message)).Select(e =>
        {
            var before = text.AsSpan(0, Math.Min(e.At, text.Length));
            return new JqError(e.Message, before.Length, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
        }),
    ]);

    private sealed class Outputs(JqProgram program, JqValue input, JqOptions options, CancellationToken cancellation) : IEnumerable<JqValue>
    {
        public IEnumerator<JqValue> GetEnumerator() => program.Start(input, options, cancellation);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

/// <summary>What compiling a text gives.</summary>
public abstract record JqCompilation
{
    private JqCompilation()
    {
    }

    /// <summary>A program.</summary>
    public sealed record Compiled(JqProgram Program) : JqCompilation;

    /// <summary>What is wrong with the text; at least one error.</summary>
    public sealed record Invalid(IReadOnlyList<JqError> Errors) : JqCompilation;
}

/// <summary>A mistake in a program.</summary>
/// <param name="Message">What and why, without the place.</param>
/// <param name="Offset">UTF-16 units from the beginning, from 0.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">UTF-16 units from the beginning of the line, from 1.</param>
public sealed record JqError(string Message, int Offset, int Line, int Column);
