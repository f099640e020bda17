using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Jq;

namespace Custodia.Integration.Expressions;

/// <summary>
/// A value with expressions in it. A text that is one <c>${ }</c> and nothing else has the expression's own type; other texts take
/// the values in as text. Objects and arrays are filled in place. <c>$${</c> is a plain <c>${</c>.
/// </summary>
internal abstract record Template
{
    /// <summary>Every expression in it.</summary>
    public abstract IEnumerable<JqProgram> Expressions { get; }

    /// <summary>The value, a node of its own. Throws what <see cref="Evaluation.ValueOf"/> throws.</summary>
    public abstract JsonNode? Fill(Evaluation evaluation);

    /// <summary>Several values by name.</summary>
    public static JsonObject Fill(IReadOnlyList<KeyValuePair<string, Template>> values, Evaluation evaluation)
    {
        var filled = new JsonObject();
        foreach (var (name, value) in values) filled[name] = value.Fill(evaluation);
        return filled;
    }

    public sealed record Fixed(JsonNode? Value) : Template
    {
        public override IEnumerable<JqProgram> Expressions => [];

        // Its size is limited with the flow's text.
        public override JsonNode? Fill(Evaluation evaluation) => Value?.DeepClone();
    }

    public sealed record Single(JqProgram Expression) : Template
    {
        public override IEnumerable<JqProgram> Expressions => [Expression];

        public override JsonNode? Fill(Evaluation evaluation) => evaluation.ValueOf(Expression);
    }

    /// <param name="Parts">Texts and expressions in turn.</param>
    public sealed record Text(IReadOnlyList<object> Parts) : Template
    {
        public override IEnumerable<JqProgram> Expressions => Parts.OfType<JqProgram>();

        public override JsonNode? Fill(Evaluation evaluation)
        {
            var text = new StringBuilder();
            foreach (var part in Parts) text.Append(part is JqProgram expression ? AsText(evaluation.ValueOf(expression)) : (string)part);
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
        public override IEnumerable<JqProgram> Expressions => Fields.SelectMany(f => f.Value.Expressions);

        public override JsonNode? Fill(Evaluation evaluation) => Fill(Fields, evaluation);
    }

    public sealed record Array(IReadOnlyList<Template> Items) : Template
    {
        public override IEnumerable<JqProgram> Expressions => Items.SelectMany(i => i.Expressions);

        public override JsonNode? Fill(Evaluation evaluation) => new JsonArray([.. Items.Select(i => i.Fill(evaluation))]);
    }
}
