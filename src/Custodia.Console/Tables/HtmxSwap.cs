namespace Custodia.Console;

internal static class HtmxSwap
{
    /// <summary>
    /// Attributes that load an address and take one element of it in place of the same element here. The server answers
    /// with the whole page either way, so the link works without scripts too.
    /// </summary>
    public static Dictionary<string, object> Of(string address, string target) => new(StringComparer.Ordinal)
    {
        ["hx-get"] = address,
        ["hx-target"] = "#" + target,
        ["hx-select"] = "#" + target,
        ["hx-swap"] = "outerHTML",
        ["hx-push-url"] = "true",
    };
}
