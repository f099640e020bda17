using System.Text.Json;

namespace Custodia.Identity.Scim;

/// <summary>One operation of a PATCH (RFC 7644, section 3.5.2).</summary>
/// <param name="Kind"><c>add</c>, <c>replace</c> or <c>remove</c>.</param>
/// <param name="Path">In lower case, without value filter; empty when the value holds the attributes.</param>
/// <param name="Filter">What stood in brackets.</param>
internal sealed record ScimOperation(string Kind, string Path, ScimFilter? Filter, JsonElement? Value)
{
    private const int MaxOperations = 100;

    public static IReadOnlyList<ScimOperation> Read(JsonElement body)
    {
        if (Member(body, "Operations") is not { ValueKind: JsonValueKind.Array } operations) throw ScimFault.InvalidSyntax("Operations are missing.");
        if (operations.GetArrayLength() is 0 or > MaxOperations) throw ScimFault.InvalidValue($"1 to {MaxOperations} operations.");
        return [.. operations.EnumerateArray().Select(One)];
    }

    private static ScimOperation One(JsonElement operation)
    {
        if (operation.ValueKind != JsonValueKind.Object) throw ScimFault.InvalidSyntax("An operation is an object.");
        // Some clients write Add and Replace.
        var kind = Member(operation, "op") is { ValueKind: JsonValueKind.String } op ? op.GetString()!.ToLowerInvariant() : "";
        if (kind is not ("add" or "replace" or "remove")) throw ScimFault.InvalidSyntax("op is add, replace or remove.");
        var path = Member(operation, "path") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
        var value = Member(operation, "value");
        if (kind == "remove" && path.Length == 0) throw ScimFault.NoTarget("remove needs a path.");
        if (kind != "remove" && value is null) throw ScimFault.InvalidValue($"{kind} needs a value.");
        var (name, filter) = Split(path);
        return new ScimOperation(kind, name, filter, value);
    }

    /// <summary><c>emails[type eq "work"].value</c> is <c>emails.value</c> and a filter.</summary>
    private static (string Name, ScimFilter? Filter) Split(string path)
    {
        var open = path.IndexOf('[', StringComparison.Ordinal);
        if (open < 0) return (ScimFilter.PathOf(path.Trim()), null);
        var close = path.LastIndexOf(']');
        if (close < open) throw ScimFault.InvalidPath("A bracket is not closed.");
        try
        {
            return (ScimFilter.PathOf(path[..open].Trim() + path[(close + 1)..].Trim()), ScimFilter.Parse(path[(open + 1)..close]));
        }
        catch (ScimFault fault) when (fault.Type == "invalidFilter")
        {
            throw ScimFault.InvalidPath(fault.Message);
        }
    }

    private static JsonElement? Member(JsonElement element, string name)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return property.Value;
        }

        return null;
    }
}

/// <summary>Applies operations to a user.</summary>
internal static class ScimUserPatch
{
    public static void Apply(ScimUserState state, IReadOnlyList<ScimOperation> operations)
    {
        foreach (var operation in operations) Apply(state, operation);
    }

    private static void Apply(ScimUserState state, ScimOperation operation)
    {
        if (operation.Path.Length == 0)
        {
            if (operation.Value is not { ValueKind: JsonValueKind.Object } value) throw ScimFault.InvalidValue("Without a path the value is an object.");
            // Some clients put paths in there as names: "name.givenName".
            state.Read(value);
            return;
        }

        if (operation.Filter is { } filter && !Selects(state, operation.Path, filter))
        {
            // RFC 7644, section 3.5.2.3: a replacement needs something that the filter means.
            if (operation.Kind == "replace") throw ScimFault.NoTarget("The filter of the path selects nothing.");
            // One address and one number are kept: another of another type is left out, the first is taken.
            if (operation.Kind == "remove" || ValueOf(state, operation.Path) is not null) return;
        }

        if (operation.Path.Split('.')[0] is "groups" or "id" or "meta" or "schemas") throw ScimFault.Mutability($"'{operation.Path}' is read only.");
        if (operation.Path == "name" && operation.Kind != "remove" && operation.Value is { ValueKind: JsonValueKind.Object } name)
        {
            foreach (var part in name.EnumerateObject()) state.Set($"name.{part.Name.ToLowerInvariant()}", part.Value);
            return;
        }

        if (operation.Kind == "add" && ValueOf(state, operation.Path) is not null && operation.Path is "emails" or "phonenumbers" && !ScimUserState.HasPrimary(operation.Value!.Value)) return;
        var isKnown = operation.Kind == "remove" ? state.Remove(operation.Path) : state.Set(operation.Path, operation.Value!.Value);
        if (!isKnown) throw ScimFault.InvalidPath($"There is no attribute '{operation.Path}'.");
    }

    /// <summary>Whether the one address or number that is kept is what the filter means.</summary>
    private static bool Selects(ScimUserState state, string path, ScimFilter filter)
    {
        return ValueOf(state, path) is { } value && Holds(filter, value, path.StartsWith("emails", StringComparison.Ordinal) ? "work" : "mobile");
    }

    private static string? ValueOf(ScimUserState state, string path) => path.Split('.')[0] switch
    {
        "emails" => state.Email,
        "phonenumbers" => state.Mobile,
        _ => null,
    };

    private static bool Holds(ScimFilter filter, string value, string type) => filter switch
    {
        ScimFilter.And and => Holds(and.Left, value, type) && Holds(and.Right, value, type),
        ScimFilter.Or or => Holds(or.Left, value, type) || Holds(or.Right, value, type),
        ScimFilter.Not not => !Holds(not.Inner, value, type),
        ScimFilter.Compare { Path: "value", Operator: "eq" } one => string.Equals(one.Value, value, StringComparison.OrdinalIgnoreCase),
        ScimFilter.Compare { Path: "type", Operator: "eq" } one => string.Equals(one.Value, type, StringComparison.OrdinalIgnoreCase),
        ScimFilter.Compare { Path: "primary", Operator: "eq" } one => one.Value == "true",
        ScimFilter.Compare { Path: "value" or "type" or "primary", Operator: "pr" } => true,
        _ => throw ScimFault.InvalidPath("The filter of the path asks what is not known."),
    };
}
