using System.Text.Json;
using System.Text.Json.Nodes;

namespace Custodia.Integration.Engine;

/// <summary>
/// Keeps a message within its limit. The size is an upper bound that only grows, so that a small change costs little; it is
/// measured anew when the bound is reached.
/// </summary>
internal sealed class MessageSize(JsonObject document)
{
    /// <summary>Longest message, in bytes of JSON: payload, attributes and variables together.</summary>
    public const int Most = 1024 * 1024;

    /// <summary>Levels of arrays and objects that an expression's value may have; what is read from outside has no more.</summary>
    public const int Deepest = 32;

    private long _bound = Of(document);

    public static int Of(JsonNode? node) => node is null ? 4 : JsonSerializer.SerializeToUtf8Bytes(node).Length;

    /// <exception cref="MessageTooLargeException">With it the message would be too large; nothing was changed.</exception>
    public void Put(JsonObject into, string name, JsonNode? value, JsonObject whole)
    {
        var before = into[name];
        into[name] = value;
        _bound += Of(value) + name.Length + 4;
        if (_bound <= Most) return;
        _bound = Of(whole);
        if (_bound <= Most) return;
        into[name] = before;
        throw new MessageTooLargeException();
    }
}

/// <summary>A value or message would outgrow <see cref="MessageSize.Most"/>: the job fails with <see cref="Code"/>, the server goes on.</summary>
internal sealed class MessageTooLargeException : Exception
{
    public const string Code = "message-too-large";
}
