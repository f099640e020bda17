using System.Diagnostics;
using System.Text.Json.Nodes;
using Custodia.Integration.Engine;
using Custodia.Jq;

namespace Custodia.Integration.Expressions;

/// <summary>
/// The expressions of one step: the message that they read, and what they may still take of time and size together. A short
/// template could otherwise multiply a large message, or a limit on each expression, without end.
/// </summary>
/// <param name="document"><c>{ payload, attributes, variables, error }</c>; read where it lies, never copied.</param>
/// <param name="time">The clock behind <c>now</c>.</param>
internal sealed class Evaluation(JsonObject document, TimeProvider time, CancellationToken cancellation)
{
    private static readonly JqLimits Limits = JqLimits.Default with { Time = TimeSpan.FromSeconds(1), OutputSize = MessageSize.Most, TextLength = MessageSize.Most };

    private JqValue _input = JqValue.From(document);
    private TimeSpan _timeLeft = Limits.Time;
    private long _sizeLeft = MessageSize.Most;

    /// <summary>The message has changed: what follows reads it anew.</summary>
    public void Changed() => _input = JqValue.From(document);

    /// <summary>The program's first output, as a node of its own; null when it gives none.</summary>
    /// <exception cref="JqException">The program raised an error.</exception>
    /// <exception cref="JqLimitException">It took too much.</exception>
    /// <exception cref="MessageTooLargeException">What the step takes in is more than a message may hold.</exception>
    public JsonNode? ValueOf(JqProgram program)
    {
        var value = FirstOf(program);
        if (IsDeeper(value, MessageSize.Deepest)) throw new JqLimitException(JqLimit.Depth);
        var node = value.ToJsonNode();
        _sizeLeft -= MessageSize.Of(node);
        return _sizeLeft >= 0 ? node : throw new MessageTooLargeException();
    }

    /// <summary>Whether the program's first output is neither null nor false; false when it gives none.</summary>
    /// <exception cref="JqException">The program raised an error.</exception>
    /// <exception cref="JqLimitException">It took too much.</exception>
    public bool IsTrue(JqProgram program) => FirstOf(program).IsTruthy;

    private JqValue FirstOf(JqProgram program)
    {
        if (_timeLeft <= TimeSpan.Zero) throw new JqLimitException(JqLimit.Time);
        var options = JqOptions.Default with { Limits = Limits with { Time = _timeLeft }, Clock = time };
        var started = Stopwatch.GetTimestamp();
        try
        {
            return program.Run(_input, options, cancellation).FirstOrDefault();
        }
        finally
        {
            _timeLeft -= Stopwatch.GetElapsedTime(started);
        }
    }

    private static bool IsDeeper(in JqValue value, int levels) => value.Kind switch
    {
        JqKind.Array => levels == 0 || value.GetArray().Any(item => IsDeeper(item, levels - 1)),
        JqKind.Object => levels == 0 || value.GetObject().Any(field => IsDeeper(field.Value, levels - 1)),
        _ => false,
    };
}
