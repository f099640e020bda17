namespace Custodia.Jq;

/// <summary>What a value is: the answer of jq's <c>type</c>.</summary>
public enum JqKind
{
    /// <summary>null, also the default of <see cref="JqValue"/>.</summary>
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}
