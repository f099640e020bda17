using System.CommandLine;
using Custodia.Jq;
using Custodia.Server.Jq;

namespace Custodia.Server.Verbs;

/// <summary>
/// <c>custodia jq PROGRAM [FILE …]</c>: the jq language on the command line. It begins before anything else of the server is
/// loaded, because it is called once for each line of somebody's script.
/// </summary>
internal static class JqVerb
{
    public const string Name = "jq";

    // As a shell tells of a program that SIGPIPE has ended.
    private const int OutputClosed = 128 + 13;

    /// <summary>For the help text; <see cref="Run(string[])"/> reads the line itself, as its options are jq's.</summary>
    public static Command Create() => new(Name, "Runs a program of the jq language on JSON; custodia jq --help says how.");

    public static int Run(string[] args)
    {
        try
        {
            var arguments = JqArguments.Read(args);
            if (arguments.IsHelp)
            {
                System.Console.Out.WriteLine(JqArguments.Usage);
                return 0;
            }

            return arguments.IsTests ? JqTestRun.Run(arguments.Files, System.Console.Out, System.Console.Error) : Run(arguments);
        }
        catch (OutputClosedException)
        {
            return OutputClosed;
        }
        catch (JqUsageException exception)
        {
            System.Console.Error.WriteLine($"jq: {exception.Message}\nUse custodia jq --help for help.");
            return JqMain.Usage;
        }
    }

    private static int Run(JqArguments arguments)
    {
        var compilation = JqProgram.Compile(arguments.Program!, JqVariables.NamesOf(arguments));
        if (compilation is JqCompilation.Invalid invalid) return Refuse(arguments.Program!, invalid.Errors);
        using var output = new StandardOutput();
        var format = new JqFormat(arguments.Indent) { IsTabs = arguments.IsTab, IsAscii = arguments.IsAscii };
        return new JqMain(arguments, ((JqCompilation.Compiled)compilation).Program, new JqWriter(output, format)).Run();
    }

    private static int Refuse(string program, IReadOnlyList<JqError> errors)
    {
        var lines = program.Split('\n');
        foreach (var error in errors)
        {
            // Tabs before the caret keep it below its character.
            var line = lines[error.Line - 1].TrimEnd('\r');
            var before = string.Concat(line.Take(error.Column - 1).Select(c => c == '\t' ? '\t' : ' '));
            System.Console.Error.WriteLine($"jq: error: {error.Message} at <top-level>, line {error.Line}, column {error.Column}:\n    {line}\n    {before}^");
        }

        System.Console.Error.WriteLine($"jq: {errors.Count} compile error{(errors.Count == 1 ? "" : "s")}");
        return JqMain.NotCompiled;
    }
}
