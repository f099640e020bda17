using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Integration.Engine;

namespace Custodia.Integration.Expressions;

/// <summary>
/// A value with expressions in it. A text that is one <c>${ }</c> and nothing else has the expression's own type; other texts take
/// the values in as text. Objects and arrays are filled in place. <c>$${</c> is a plain <c>${</c>.
/// </summary>
internal abstract record Template
{
    /// <summary>Everything that expressions in it read.</summary>
    public abstract IEnumerable<IExpression> Expressions { get; }

    /// <exception cref="MessageTooLargeException">What it takes in is more than a message may hold.</exception>
    public JsonNode? Fill(JsonObject document) => Fill(document, new Allowance());

    /// <summary>Several values by name, together no larger than a message.</summary>
    /// <exception cref="MessageTooLargeException">What they take in is more than a message may hold.</exception>
    public static JsonObject Fill(IReadOnlyList<KeyValuePair<string, Template>> values, JsonObject document)
    {
        var allowance = new Allowance();
        var filled = new JsonObject();
        foreach (var (name, value) in values) filled[name] = value.Fill(document, allowance);
        return filled;
    }

    protected abstract JsonNode? Fill(JsonObject document, Allowance allowance);

    /// <summary>What may still be taken in: a short template could otherwise multiply a large message without end.</summary>
    protected sealed class Allowance
    {
        private long _left = MessageSize.Most;

        public JsonNode? Take(JsonNode? value)
        {
            _left -= MessageSize.Of(value);
            return _left >= 0 ? value : throw new MessageTooLargeException();
        }
    }

    public sealed record Fixed(JsonNode? Value) : Template
    {
        public override IEnumerable<IExpression> Expressions => [];

        // Its size is limited with the flow's text.
        protected override JsonNode? Fill(JsonObject document, Allowance allowance) => Value?.DeepClone();
    }

    public sealed record Single(IExpression Expression) : Template
    {
        public override IEnumerable<IExpression> Expressions => [Expression];

        protected override JsonNode? Fill(JsonObject document, Allowance allowance) => allowance.Take(Expression.Evaluate(document));
    }

    /// <param name="Parts">Texts and expressions in turn.</param>
    public sealed record Text(IReadOnlyList<object> Parts) : Template
    {
        public override IEnumerable<IExpression> Expressions => Parts.OfType<IExpression>();

        protected override JsonNode? Fill(JsonObject document, Allowance allowance)
        {
            var text = new StringBuilder();
            foreach (var part in Parts) text.Append(part is IExpression expression ? AsText(allowance.Take(expression.Evaluate(document))) : (string)part);
            return JsonValue.Create(text.ToString());
        }

        private static string AsText(JsonNode? value) => value switch
        {
            null => "",
            JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => scalar.GetValue<string>(),
            _ => value.ToJsonString(),
        };
    }

    public sealed record Object(IReadOnlyList<KeyValuePair<string, Template>> Fields) : Template
    {
        public override IEnumerable<IExpression> Expressions => Fields.SelectMany(f => f.Value.Expressions);

        protected override JsonNode? Fill(JsonObject document, Allowance allowance)
        {
            var filled = new JsonObject();
            foreach (var (name, value) in Fields) filled[name] = value.Fill(document, allowance);
            return filled;
        }
    }

    public sealed record Array(IReadOnlyList<Template> Items) : Template
    {
        public override IEnumerable<IExpression> Expressions => Items.SelectMany(i => i.Expressions);

        protected override JsonNode? Fill(JsonObject document, Allowance allowance) => new JsonArray([.. Items.Select(i => i.Fill(document, allowance))]);
    }
}
