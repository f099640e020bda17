using System.Globalization;
using Custodia.Jq;

namespace Custodia.Server.Jq;

/// <summary>
/// The command line of <c>custodia jq</c>, read by hand as jq reads it: short options may be joined (<c>-nr</c>), options may stand
/// anywhere, and nothing else of the server is loaded for it.
/// </summary>
internal sealed class JqArguments
{
    public const string Usage =
        """
        Usage: custodia jq [options] PROGRAM [FILE …]
               custodia jq --run-tests FILE …

        Runs a program of the jq language on each JSON value of the files, else of the standard input.

          -c, --compact-output   a value a line
          -r, --raw-output       texts without quotes
          -j, --join-output      like -r, and no line ends
          -a, --ascii-output     only ASCII; other characters as \u escapes
          -n, --null-input       run once, on null
          -s, --slurp            run once, on an array of all values
          -e, --exit-status      1 when the last output is false or null, 4 without output
              --tab              indent by tabs
              --indent N         indent by N spaces, 0 to 7; default 2
              --arg NAME TEXT    sets $NAME to a text
              --argjson NAME JSON  sets $NAME to a value
              --args             what follows are texts in $ARGS.positional, not files
              --jsonargs         what follows are values in $ARGS.positional, not files
              --run-tests        runs files in jq's test format

        Exit codes: 0; 1 and 4 with -e; 2 usage or input; 3 the program does not compile; 5 it ended with an error.
        """;

    private readonly string[] _args;
    private readonly List<string> _files = [];
    private readonly List<KeyValuePair<string, JqValue>> _named = [];
    private readonly List<JqValue> _positional = [];
    private int _next;
    private bool _isOver;
    private Rest _rest = Rest.Files;

    private JqArguments(string[] args) => _args = args;

    private enum Rest
    {
        Files,
        Texts,
        Values,
    }

    public string? Program { get; private set; }

    public IReadOnlyList<string> Files => _files;

    /// <summary>Variables by name; <c>$ARGS</c> aside.</summary>
    public IReadOnlyList<KeyValuePair<string, JqValue>> Named => _named;

    public IReadOnlyList<JqValue> Positional => _positional;

    public bool IsHelp { get; private set; }

    public bool IsTests { get; private set; }

    public bool IsRaw { get; private set; }

    public bool IsJoined { get; private set; }

    public bool IsNull { get; private set; }

    public bool IsSlurp { get; private set; }

    public bool IsExitStatus { get; private set; }

    public bool IsAscii { get; private set; }

    public bool IsTab { get; private set; }

    public int Indent { get; private set; } = 2;

    /// <summary>Reads it.</summary>
    /// <exception cref="JqUsageException">It is wrong.</exception>
    public static JqArguments Read(string[] args)
    {
        var arguments = new JqArguments(args);
        while (arguments._next < args.Length) arguments.One(args[arguments._next++]);
        if (arguments.Program is null && !arguments.IsHelp && !arguments.IsTests) throw new JqUsageException("A program is missing.");
        if (arguments is { IsTests: true, Files.Count: 0 }) throw new JqUsageException("--run-tests needs a file.");
        return arguments;
    }

    private void One(string arg)
    {
        if (_isOver || arg.Length < 2 || arg[0] != '-') Plain(arg);
        else if (arg == "--") _isOver = true;
        else if (arg.StartsWith("--", StringComparison.Ordinal)) Long(arg);
        else foreach (var letter in arg.AsSpan(1)) Short(letter, arg);
    }

    private void Plain(string arg)
    {
        if (Program is null && !IsTests) Program = arg;
        else if (_rest == Rest.Texts) _positional.Add(JqValue.Of(arg));
        else if (_rest == Rest.Values) _positional.Add(Value(arg, "--jsonargs"));
        else _files.Add(arg);
    }

    private void Short(char letter, string arg)
    {
        var name = letter switch
        {
            'c' => "--compact-output",
            'r' => "--raw-output",
            'j' => "--join-output",
            'a' => "--ascii-output",
            'n' => "--null-input",
            's' => "--slurp",
            'e' => "--exit-status",
            'h' => "--help",
            _ => throw new JqUsageException($"Unknown option {arg}."),
        };
        Long(name);
    }

    private void Long(string arg)
    {
        switch (arg)
        {
            case "--compact-output":
                (Indent, IsTab) = (0, false);
                break;
            case "--raw-output":
                IsRaw = true;
                break;
            case "--join-output":
                (IsRaw, IsJoined) = (true, true);
                break;
            case "--ascii-output":
                IsAscii = true;
                break;
            case "--null-input":
                IsNull = true;
                break;
            case "--slurp":
                IsSlurp = true;
                break;
            case "--exit-status":
                IsExitStatus = true;
                break;
            case "--tab":
                (Indent, IsTab) = (1, true);
                break;
            case "--indent":
                (Indent, IsTab) = (Digit(Operand(arg)), false);
                break;
            case "--run-tests":
                IsTests = true;
                break;
            case "--help":
                IsHelp = true;
                break;
            default:
                Variables(arg);
                break;
        }
    }

    private void Variables(string arg)
    {
        switch (arg)
        {
            case "--arg":
                Name(Operand(arg), JqValue.Of(Operand(arg)));
                break;
            case "--argjson":
                Name(Operand(arg), Value(Operand(arg), arg));
                break;
            case "--args":
                _rest = Rest.Texts;
                break;
            case "--jsonargs":
                _rest = Rest.Values;
                break;
            default:
                throw new JqUsageException($"Unknown option {arg}.");
        }
    }

    /// <summary>As in jq the first of a name counts.</summary>
    private void Name(string name, JqValue value)
    {
        if (!_named.Exists(known => known.Key == name)) _named.Add(KeyValuePair.Create(name, value));
    }

    private string Operand(string option) => _next < _args.Length ? _args[_next++] : throw new JqUsageException($"{option} needs {(option == "--indent" ? "a number" : "a name and a value")}.");

    private static int Digit(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 7 ? number : throw new JqUsageException("--indent takes a number from 0 to 7.");

    private static JqValue Value(string json, string option)
    {
        try
        {
            return JqValue.Parse(json);
        }
        catch (JqJsonException exception)
        {
            throw new JqUsageException($"Invalid JSON text for {option}: {exception.Message}.");
        }
    }
}

/// <summary>The command line is wrong.</summary>
internal sealed class JqUsageException(string message) : Exception(message);
