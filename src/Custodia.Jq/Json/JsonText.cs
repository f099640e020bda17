using System.Text;

namespace Custodia.Jq.Json;

/// <summary>One JSON text as a value.</summary>
internal static class JsonText
{
    public static JqValue Parse(string json)
    {
        var parser = new JsonParser();
        var bytes = Encoding.UTF8.GetBytes(json.StartsWith('\uFEFF') ? json[1..] : json);
        var value = default(JqValue);
        var count = 0;
        var at = 0;
        while (parser.Next(bytes.AsSpan(at), isLast: true, out var read, out var taken) == JsonParser.Outcome.Value)
        {
            at += taken;
            value = read;
            if (++count > 1) throw new JqJsonException("Unexpected extra JSON values", 1, at);
        }

        return count == 1 ? value : throw new JqJsonException("Expected JSON value", 1, at);
    }
}
