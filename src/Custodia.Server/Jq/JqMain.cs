using Custodia.Jq;

namespace Custodia.Server.Jq;

/// <summary>Runs a program over the values of files or the standard input, as jq's own command does.</summary>
internal sealed class JqMain(JqArguments arguments, JqProgram program, JqWriter output)
{
    public const int Usage = 2;
    public const int NotCompiled = 3;

    private const int NoOutput = 4;
    private const int FalseOrNull = 1;
    private const int Failed = 5;

    private readonly JqOptions _options = new()
    {
        Limits = JqLimits.Generous,
        TimeZone = TimeZoneInfo.Local,
        Variables = JqVariables.Of(arguments),
        Messages = Say,
    };

    private int _last = NoOutput;
    private bool _hasFailed;
    private bool _isUnread;

    public int Run()
    {
        if (arguments.IsNull) One(JqValue.Null, "<unknown>");
        else if (arguments.IsSlurp) Slurp();
        else All(One);
        output.Flush();
        if (_isUnread) return Usage;
        // As in jq an input that failed is told only when it was the last.
        if (_hasFailed) return Failed;
        return arguments.IsExitStatus ? _last : 0;
    }

    private void Slurp()
    {
        var values = new List<JqValue>();
        All((value, _) => values.Add(value));
        if (!_isUnread) One(JqValue.Of(new JqArray(values)), "<unknown>");
    }

    /// <summary>Every value of every input, one at a time. What is no JSON ends the run, as nobody knows where the next value begins.</summary>
    private void All(Action<JqValue, string> act)
    {
        if (arguments.Files.Count == 0) Read(System.Console.OpenStandardInput(), "<stdin>", act);
        foreach (var file in arguments.Files)
        {
            if (Open(file) is { } stream && !Read(stream, file, act)) return;
        }
    }

    private bool Read(Stream stream, string name, Action<JqValue, string> act)
    {
        using var input = new FlushingInput(stream, output.Flush);
        try
        {
            for (var reader = new JqReader(input); reader.TryRead(out var value);) act(value, name);
            return true;
        }
        catch (JqJsonException exception)
        {
            Complain($"jq: parse error (at {name}): {exception.Message}");
        }
        catch (IOException exception)
        {
            Complain($"jq: error: {name} cannot be read: {exception.Message}");
        }

        _isUnread = true;
        return false;
    }

    private FileStream? Open(string file)
    {
        try
        {
            return new FileStream(file, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Complain($"jq: error: Could not open {file}: {exception.Message}");
            _isUnread = true;
            return null;
        }
    }

    private void One(JqValue input, string place)
    {
        _hasFailed = false;
        try
        {
            var last = _last;
            foreach (var value in program.Run(input, _options))
            {
                Write(value);
                last = value.IsTruthy ? 0 : FalseOrNull;
            }

            _last = last;
        }
        catch (JqException exception)
        {
            Fail(place, exception.Value.Kind == JqKind.String ? $": {exception.Value.GetString()}" : $" (not a string): {exception.Value.ToJson()}");
        }
        catch (JqLimitException exception)
        {
            Fail(place, $": {exception.Message}");
        }
    }

    private void Fail(string place, string what)
    {
        _hasFailed = true;
        Complain($"jq: error (at {place}){what}");
    }

    private void Write(JqValue value)
    {
        if (arguments.IsRaw && value.Kind == JqKind.String && !arguments.IsAscii) output.WriteRaw(value.GetString());
        else output.Write(value);
        if (!arguments.IsJoined) output.WriteLine();
    }

    /// <summary>What went before it on the standard output is shown before it.</summary>
    private void Complain(string line)
    {
        output.Flush();
        System.Console.Error.WriteLine(line);
    }

    private static void Say(JqMessage message)
    {
        if (!message.IsRaw) System.Console.Error.WriteLine($"[\"DEBUG:\",{message.Value.ToJson()}]");
        else System.Console.Error.Write(message.Value.Kind == JqKind.String ? message.Value.GetString() : message.Value.ToJson());
    }
}
