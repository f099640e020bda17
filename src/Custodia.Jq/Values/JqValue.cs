using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Jq.Json;
using Custodia.Jq.Values;

namespace Custodia.Jq;

/// <summary>
/// A JSON value as jq sees it: immutable, two words, shared without copying. Numbers are doubles; a literal whose digits a double
/// would lose keeps them until something is computed with it.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly partial struct JqValue : IEquatable<JqValue>, IComparable<JqValue>
{
    // Null: null. Tag: a number or a boolean, with its value in _number. Otherwise string, DecimalLiteral, JqArray or JqObject.
    private readonly object? _reference;
    private readonly double _number;

    private JqValue(object reference, double number = 0)
    {
        _reference = reference;
        _number = number;
    }

    /// <summary>null.</summary>
    public static JqValue Null => default;

    /// <summary>true.</summary>
    public static JqValue True { get; } = new(Tag.Boolean, 1);

    /// <summary>false.</summary>
    public static JqValue False { get; } = new(Tag.Boolean);

    /// <summary>What it is.</summary>
    public JqKind Kind => _reference switch
    {
        null => JqKind.Null,
        string => JqKind.String,
        Tag tag => tag.Kind,
        JqObject => JqKind.Object,
        JqArray => JqKind.Array,
        _ => JqKind.Number,
    };

    /// <summary>False for null and false, as in jq's conditions.</summary>
    public bool IsTruthy => _reference is not null && (!ReferenceEquals(_reference, Tag.Boolean) || _number != 0);

    internal bool IsNull => _reference is null;

    internal bool IsBoolean => ReferenceEquals(_reference, Tag.Boolean);

    internal bool IsNumber => ReferenceEquals(_reference, Tag.Number) || _reference is DecimalLiteral;

    internal bool IsString => _reference is string;

    internal bool IsArray => _reference is JqArray;

    internal bool IsObject => _reference is JqObject;

    /// <summary>The digits of a number that a double would not keep; null for others.</summary>
    internal DecimalLiteral? Literal => _reference as DecimalLiteral;

    /// <summary>A number.</summary>
    public static JqValue Of(double value) => new(Tag.Number, value);

    /// <summary>true or false.</summary>
    public static JqValue Of(bool value) => value ? True : False;

    /// <summary>A text; null gives null. Halves of surrogate pairs become U+FFFD when written.</summary>
    public static JqValue Of(string? value) => value is null ? default : new JqValue(value);

    /// <summary>An array.</summary>
    public static JqValue Of(JqArray value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>An object.</summary>
    public static JqValue Of(JqObject value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>A value over an element; its parts are read when something asks for them. The document must outlive the value.</summary>
    public static JqValue From(JsonElement element) => JsonDom.From(element);

    /// <summary>A value over a node; its parts are read when something asks for them. The node must not change while the value is in use.</summary>
    public static JqValue From(JsonNode? node) => JsonDom.From(node);

    /// <summary>Reads one JSON text, as jq does: also <c>nan</c>, and digits beyond a double's.</summary>
    /// <exception cref="JqJsonException">It is not one JSON text.</exception>
    public static JqValue Parse(string json) => JsonText.Parse(json);

    /// <summary>The value as a node of its own. Digits beyond a double's are kept; nan is null and infinity the largest double.</summary>
    public JsonNode? ToJsonNode() => JsonDom.ToNode(this);

    /// <summary>The text of a string.</summary>
    /// <exception cref="InvalidOperationException">It is no string.</exception>
    public string GetString() => _reference as string ?? throw Not(JqKind.String);

    /// <summary>The value of a number, rounded to a double.</summary>
    /// <exception cref="InvalidOperationException">It is no number.</exception>
    public double GetDouble() => IsNumber ? _number : throw Not(JqKind.Number);

    /// <summary>The items of an array.</summary>
    /// <exception cref="InvalidOperationException">It is no array.</exception>
    public JqArray GetArray() => _reference as JqArray ?? throw Not(JqKind.Array);

    /// <summary>The fields of an object.</summary>
    /// <exception cref="InvalidOperationException">It is no object.</exception>
    public JqObject GetObject() => _reference as JqObject ?? throw Not(JqKind.Object);

    /// <summary>Compact JSON, as jq's <c>tojson</c>.</summary>
    public string ToJson() => JsonWriter.ToText(this);

    /// <inheritdoc/>
    public override string ToString() => ToJson();

    internal static JqValue Of(DecimalLiteral literal) => new(literal, literal.ToDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGetNumber(out double number)
    {
        number = _number;
        return IsNumber;
    }

    internal bool TryGetString([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? text) => (text = _reference as string) is not null;

    internal bool TryGetArray([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out JqArray? array) => (array = _reference as JqArray) is not null;

    internal bool TryGetObject([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out JqObject? found) => (found = _reference as JqObject) is not null;

    /// <summary>Whether it is the very same value, not an equal one: what paths are checked with.</summary>
    internal bool IsSame(in JqValue other) => _reference is Tag or null
        ? ReferenceEquals(_reference, other._reference) && _number.Equals(other._number)
        : ReferenceEquals(_reference, other._reference);

    private InvalidOperationException Not(JqKind expected) => new($"The value is a {Kind}, not a {expected}.");

    private sealed class Tag(JqKind kind)
    {
        public static readonly Tag Boolean = new(JqKind.Boolean);
        public static readonly Tag Number = new(JqKind.Number);

        public JqKind Kind { get; } = kind;
    }
}
