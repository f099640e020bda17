namespace Custodia.Jq.Json;

internal static class JsonText
{
    public static JqValue Parse(string json) => throw new NotImplementedException();
}
