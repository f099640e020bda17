using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Custodia.Integration.Expressions;

/// <summary>
/// A value with expressions in it. A text that is one <c>${ }</c> and nothing else has the expression's own type; other texts take
/// the values in as text. Objects and arrays are filled in place. <c>$${</c> is a plain <c>${</c>.
/// </summary>
internal abstract record Template
{
    /// <summary>Everything that expressions in it read.</summary>
    public abstract IEnumerable<IExpression> Expressions { get; }

    public abstract JsonNode? Fill(JsonObject document);

    public sealed record Fixed(JsonNode? Value) : Template
    {
        public override IEnumerable<IExpression> Expressions => [];

        public override JsonNode? Fill(JsonObject document) => Value?.DeepClone();
    }

    public sealed record Single(IExpression Expression) : Template
    {
        public override IEnumerable<IExpression> Expressions => [Expression];

        public override JsonNode? Fill(JsonObject document) => Expression.Evaluate(document);
    }

    /// <param name="Parts">Texts and expressions in turn.</param>
    public sealed record Text(IReadOnlyList<object> Parts) : Template
    {
        public override IEnumerable<IExpression> Expressions => Parts.OfType<IExpression>();

        public override JsonNode? Fill(JsonObject document)
        {
            var text = new StringBuilder();
            foreach (var part in Parts) text.Append(part is IExpression expression ? AsText(expression.Evaluate(document)) : (string)part);
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

        public override JsonNode? Fill(JsonObject document)
        {
            var filled = new JsonObject();
            foreach (var (name, value) in Fields) filled[name] = value.Fill(document);
            return filled;
        }
    }

    public sealed record Array(IReadOnlyList<Template> Items) : Template
    {
        public override IEnumerable<IExpression> Expressions => Items.SelectMany(i => i.Expressions);

        public override JsonNode? Fill(JsonObject document) => new JsonArray([.. Items.Select(i => i.Fill(document))]);
    }
}
