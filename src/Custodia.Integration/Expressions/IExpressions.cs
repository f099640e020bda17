using System.Text.Json.Nodes;

namespace Custodia.Integration.Expressions;

/// <summary>The expression language of flows: what may stand inside <c>${ }</c>.</summary>
internal interface IExpressions
{
    /// <summary>Compiles an expression; compiled ones are immutable and shared.</summary>
    ExpressionResult Compile(string text);
}

internal interface IExpression
{
    string Text { get; }

    /// <summary>The paths that it reads, as written, e.g. <c>.payload.email</c>: what the label check follows.</summary>
    IReadOnlyList<IReadOnlyList<string>> Reads { get; }

    /// <summary>Evaluates against <c>{ payload, attributes, variables, error }</c>. A path that leads nowhere is null.</summary>
    JsonNode? Evaluate(JsonObject document);
}

internal abstract record ExpressionResult
{
    public sealed record Compiled(IExpression Expression) : ExpressionResult;

    /// <param name="Offset">Character in the expression's text, from 0.</param>
    public sealed record Invalid(int Offset, string Reason) : ExpressionResult;
}
