namespace Custodia.Jq.Json;

internal static class JsonWriter
{
    public static string ToText(in JqValue value, int atMost = int.MaxValue) => throw new NotImplementedException();
}
