using System.Runtime.CompilerServices;
using Custodia.Jq.Values;

namespace Custodia.Jq;

/// <summary>jq's order: null, false, true, numbers, strings by code point, arrays, objects by their sorted keys and then their values.</summary>
public readonly partial struct JqValue
{
    public static bool operator ==(JqValue left, JqValue right) => left.Equals(right);

    public static bool operator !=(JqValue left, JqValue right) => !left.Equals(right);

    public static bool operator <(JqValue left, JqValue right) => left.CompareTo(right) < 0;

    public static bool operator >(JqValue left, JqValue right) => left.CompareTo(right) > 0;

    public static bool operator <=(JqValue left, JqValue right) => left.CompareTo(right) <= 0;

    public static bool operator >=(JqValue left, JqValue right) => left.CompareTo(right) >= 0;

    /// <summary>jq's order; nan is smaller than every number, itself included.</summary>
    public int CompareTo(JqValue other)
    {
        var rank = Rank;
        var otherRank = other.Rank;
        if (rank != otherRank) return rank.CompareTo(otherRank);
        switch (rank)
        {
            case 3:
                return CompareNumbers(this, other);
            case 4:
                Comparing.Add(((string)_reference!).Length >> 6);
                return CodePoints.Compare((string)_reference!, (string)other._reference!);
            case 5:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                return JqArray.Compare((JqArray)_reference!, (JqArray)other._reference!);
            case 6:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                return JqObject.Compare((JqObject)_reference!, (JqObject)other._reference!);
            default:
                return 0;
        }
    }

    /// <summary>Equal as jq's <c>==</c>: nan equals nothing, 1.0 equals 1.</summary>
    public bool Equals(JqValue other)
    {
        if (_reference is string text) return other._reference is string otherText && text == otherText;
        if (_reference is null) return other._reference is null;
        if (_reference is Tag) return ReferenceEquals(_reference, other._reference) ? _number == other._number : other._reference is DecimalLiteral && CompareTo(other) == 0;
        if (_reference is JqArray array)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return other._reference is JqArray otherArray && JqArray.AreEqual(array, otherArray);
        }

        if (_reference is JqObject fields)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return other._reference is JqObject otherFields && JqObject.AreEqual(fields, otherFields);
        }

        return CompareTo(other) == 0;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is JqValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _reference switch
    {
        null => 0,
        string text => text.GetHashCode(StringComparison.Ordinal),
        JqArray array => HashCode.Combine(5, array.Count),
        JqObject fields => HashCode.Combine(6, fields.Count),
        Tag { Kind: JqKind.Boolean } => HashCode.Combine(1, _number),
        _ => _number.GetHashCode(),
    };

    private int Rank => _reference switch
    {
        null => 0,
        string => 4,
        Tag { Kind: JqKind.Boolean } => _number == 0 ? 1 : 2,
        JqArray => 5,
        JqObject => 6,
        _ => 3,
    };

    private static int CompareNumbers(in JqValue left, in JqValue right)
    {
        double a = left._number, b = right._number;
        if (left.Literal is { } exact && right.Literal is { } other) return exact.Order(other);
        if (double.IsNaN(a)) return -1;
        if (double.IsNaN(b)) return 1;
        if (a != b || (left.Literal is null && right.Literal is null)) return a.CompareTo(b);
        return left.Literal is { } exactLeft ? CompareExact(exactLeft, b) : -CompareExact(right.Literal!, a);
    }

    /// <summary>
    /// A literal against a double of the same rounded value. A short double stands for its own text and is compared by it, so that
    /// values that were read have one order; a long one was computed, and as in jq nothing more is known of it.
    /// </summary>
    private static int CompareExact(DecimalLiteral literal, double number)
    {
        var text = Json.Numbers.Write(Of(number));
        return Json.Numbers.KeepsItsText(text) && DecimalLiteral.Read(text, number) is { } exact ? literal.Order(exact) : 0;
    }
}
