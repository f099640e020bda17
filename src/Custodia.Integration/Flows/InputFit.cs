using System.Text.Json;
using Custodia.Integration.Connectors;
using Custodia.Integration.Expressions;

namespace Custodia.Integration.Flows;

/// <summary>Whether a value can be what an input wants. What an expression yields is known only when it runs.</summary>
internal static class InputFit
{
    public static bool Fits(InputKind kind, Template value) => value switch
    {
        Template.Single => true,
        Template.Text => kind is InputKind.Text or InputKind.Any,
        Template.Object => kind is InputKind.Object or InputKind.Any,
        Template.Array => kind is InputKind.Any,
        Template.Fixed { Value: null } => kind is InputKind.Any,
        Template.Fixed { Value: { } node } => kind switch
        {
            InputKind.Text => node.GetValueKind() == JsonValueKind.String,
            InputKind.Number => node.GetValueKind() == JsonValueKind.Number,
            InputKind.Boolean => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            InputKind.Object => node.GetValueKind() == JsonValueKind.Object,
            _ => true,
        },
        _ => false,
    };
}
