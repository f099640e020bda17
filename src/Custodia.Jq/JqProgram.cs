
namespace Custodia.Jq;

/// <summary>A compiled program: immutable, may be run by any number of threads at once.</summary>
public sealed class JqProgram
{
    /// <summary>Its text.</summary>
    public string Text { get; } = "";

    /// <summary>
    /// The places of the input that it may read, as names from the top, e.g. <c>payload</c>, <c>email</c> for <c>.payload.email</c>.
    /// Where a name is not known before it runs, the place above stands for everything below it; no names stand for the whole input.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Reads { get; } = [];

    /// <summary>Compiles a program of jq 1.8.</summary>
    /// <param name="text">The program.</param>
    /// <param name="variables">Names of the global variables that it may use, without the dollar sign.</param>
    public static JqCompilation Compile(string text, IReadOnlyCollection<string>? variables = null) => throw new NotImplementedException();

    /// <summary>Runs it; each output is computed when it is asked for.</summary>
    /// <exception cref="JqException">While enumerating: the program raised an error and did not catch it.</exception>
    /// <exception cref="JqLimitException">While enumerating: it went beyond a limit.</exception>
    /// <exception cref="OperationCanceledException">While enumerating.</exception>
    public IEnumerable<JqValue> Run(JqValue input, JqOptions? options = null, CancellationToken cancellation = default) => throw new NotImplementedException();
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
