using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Custodia.Kernel.Hosting;

/// <summary>Chooses what writes the log.</summary>
public static class LogOutput
{
    /// <summary>Replaces the framework's console logger where the settings ask it for JSON (<c>Logging:Console:FormatterName</c>).</summary>
    /// <param name="onError">To the standard error: the standard output belongs to somebody else.</param>
    public static void AddLineLog(this ILoggingBuilder logging, IConfiguration configuration, bool onError = false)
    {
        if (configuration["Logging:Console:FormatterName"] != ConsoleFormatterNames.Json) return;
        if (logging.Services.FirstOrDefault(s => s.ImplementationType == typeof(ConsoleLoggerProvider)) is { } framework) logging.Services.Remove(framework);
        logging.Services.AddSingleton<ILoggerProvider>(_ => new LineLog(onError ? Console.OpenStandardError() : Console.OpenStandardOutput()));
    }
}

/// <summary>
/// Writes log lines as the framework's console logger with the formatter <c>json</c> does: one JSON object a line with
/// <c>Timestamp</c>, <c>EventId</c>, <c>LogLevel</c>, <c>Category</c>, <c>Message</c>, <c>Exception</c> and <c>State</c>. That one asks the
/// operating system to write each line; here the lines of a moment go together, and a line costs a request next to nothing.
/// Whoever logs waits while so much is unread that nobody seems to read it.
/// </summary>
[ProviderAlias("Console")]
internal sealed class LineLog : ILoggerProvider
{
    /// <summary>What is not yet written, in bytes, when those who log begin to wait.</summary>
    private const int Full = 4 * 1024 * 1024;

    /// <summary>How long lines are gathered; a warning or an error does not wait.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private readonly Stream _output;
    private readonly object _gate = new();
    private readonly Thread _writer;
    private ArrayBufferWriter<byte> _pending = new(16 * 1024);
    private bool _urgent;
    private bool _ended;

    /// <param name="output">Where the lines go; closed with the log.</param>
    public LineLog(Stream output)
    {
        _output = output;
        _writer = new Thread(Write) { IsBackground = true, Name = "log" };
        _writer.Start();
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <summary>Returns when everything is written.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }

        _writer.Join();
        _output.Dispose();
    }

    private void Add(ReadOnlySpan<byte> line, bool urgent)
    {
        lock (_gate)
        {
            while (_pending.WrittenCount > Full && !_ended) Monitor.Wait(_gate);
            if (_ended) return;
            var first = _pending.WrittenCount == 0;
            _pending.Write(line);
            if (!first && (!urgent || _urgent)) return;
            _urgent |= urgent;
            Monitor.PulseAll(_gate);
        }
    }

    private void Write()
    {
        var spare = new ArrayBufferWriter<byte>(16 * 1024);
        while (Take(spare) is { } lines)
        {
            try
            {
                _output.Write(lines.WrittenSpan);
                _output.Flush();
            }
            catch (IOException)
            {
                // Nobody reads the output any more (a closed pipe); the server goes on without.
            }

            lines.ResetWrittenCount();
            spare = lines;
        }
    }

    /// <summary>The lines that wait; null when there are none and there will be none.</summary>
    private ArrayBufferWriter<byte>? Take(ArrayBufferWriter<byte> empty)
    {
        lock (_gate)
        {
            while (_pending.WrittenCount == 0)
            {
                if (_ended) return null;
                Monitor.Wait(_gate);
            }

            if (!_urgent && !_ended) Monitor.Wait(_gate, Moment);
            var lines = _pending;
            _pending = empty;
            _urgent = false;
            Monitor.PulseAll(_gate);
            return lines;
        }
    }

    private sealed class Category(LineLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var message = formatter(state, exception);
            var line = Line.Begin();
            line.Write(name, logLevel, eventId.Id, message, exception, state as IReadOnlyList<KeyValuePair<string, object?>>);
            log.Add(line.Bytes, logLevel >= LogLevel.Warning);
        }
    }

    /// <summary>A line in the making: one buffer a thread, used again.</summary>
    private sealed class Line
    {
        [ThreadStatic]
        private static Line? t_line;

        private readonly ArrayBufferWriter<byte> _buffer = new(1024);
        private readonly Utf8JsonWriter _json;

        private Line() => _json = new Utf8JsonWriter(_buffer);

        public ReadOnlySpan<byte> Bytes => _buffer.WrittenSpan;

        public static Line Begin()
        {
            var line = t_line ??= new Line();
            line._buffer.ResetWrittenCount();
            line._json.Reset();
            return line;
        }

        public void Write(string category, LogLevel level, int id, string message, Exception? exception, IReadOnlyList<KeyValuePair<string, object?>>? state)
        {
            Span<byte> time = stackalloc byte[24];
            TimeProvider.System.GetUtcNow().TryFormat(time, out _, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            _json.WriteStartObject();
            _json.WriteString("Timestamp"u8, time);
            _json.WriteNumber("EventId"u8, id);
            _json.WriteString("LogLevel"u8, NameOf(level));
            _json.WriteString("Category"u8, category);
            _json.WriteString("Message"u8, message);
            if (exception is not null) _json.WriteString("Exception"u8, exception.ToString());
            if (state is { Count: > 0 }) WriteState(state);
            _json.WriteEndObject();
            _json.Flush();
            _buffer.Write("\n"u8);
        }

        private void WriteState(IReadOnlyList<KeyValuePair<string, object?>> state)
        {
            _json.WriteStartObject("State"u8);
            for (var i = 0; i < state.Count; i++)
            {
                var (name, value) = state[i];
                switch (value)
                {
                    case null: _json.WriteNull(name); break;
                    case string text: _json.WriteString(name, text); break;
                    case int number: _json.WriteNumber(name, number); break;
                    case long number: _json.WriteNumber(name, number); break;
                    case double number when double.IsFinite(number): _json.WriteNumber(name, number); break;
                    case bool flag: _json.WriteBoolean(name, flag); break;
                    default: _json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture)); break;
                }
            }

            _json.WriteEndObject();
        }

        private static ReadOnlySpan<byte> NameOf(LogLevel level) => level switch
        {
            LogLevel.Trace => "Trace"u8,
            LogLevel.Debug => "Debug"u8,
            LogLevel.Information => "Information"u8,
            LogLevel.Warning => "Warning"u8,
            LogLevel.Error => "Error"u8,
            _ => "Critical"u8,
        };
    }
}
