using System.Collections.Frozen;

namespace Custodia.Console;

/// <summary>The drawings of <see cref="Icon"/>.</summary>
public static class IconPaths
{
    private static readonly FrozenDictionary<string, string> Paths = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // Things of the product
        ["home"] = "M3 9.2 10 3.5l7 5.7M5 8v8.5h10V8M8.2 16.5v-4.6h3.6v4.6",
        ["user"] = "M10 10a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 10 10ZM3.8 16.6c.7-2.6 3.2-4 6.2-4s5.5 1.4 6.2 4",
        ["users"] = "M7.5 9.8a2.9 2.9 0 1 0 0-5.8 2.9 2.9 0 0 0 0 5.8ZM2 16c.6-2.4 2.8-3.7 5.5-3.7S12.4 13.6 13 16M13 4.3a2.8 2.8 0 0 1 0 5.2M14.8 12.5c1.7.5 2.8 1.7 3.2 3.5",
        ["directory"] = "M3 5.5v10h14v-8.5H10L8.3 5.1H3.4ZM8.3 11.3a1.7 1.7 0 1 1 3.4 0 1.7 1.7 0 0 1-3.4 0",
        ["application"] = "M3.5 4.5h13v11h-13ZM3.5 7.8h13M5.8 6.2h.01M7.8 6.2h.01",
        ["key"] = "M7 13.5a3.5 3.5 0 1 1 3.2-4.9H17v2.6h-1.8v1.8h-2.5v-1.8h-2.5A3.5 3.5 0 0 1 7 13.5ZM6.8 10h.01",
        ["log"] = "M4 5h12M4 8.4h12M4 11.7h8M4 15h10",
        ["flow"] = "M3 4.5h4.5v4H3ZM12.5 11.5H17v4h-4.5ZM7.5 6.5H12a2.7 2.7 0 0 1 2.7 2.7v2.3M12.9 9.8l1.8 1.8 1.8-1.8",
        ["runtime"] = "M3.5 4h13v5h-13ZM3.5 11h13v5h-13ZM6 6.5h.01M6 13.5h.01M9 6.5h5M9 13.5h5",
        ["plug"] = "M7 3v4M13 3v4M5 7h10v2.5a5 5 0 0 1-10 0ZM10 14.5V17",
        ["folder"] = "M3 15.5v-11h5l1.7 2H17v9Z",
        ["ticket"] = "M3 5.5h14v3a1.5 1.5 0 0 0 0 3v3H3v-3a1.5 1.5 0 0 0 0-3ZM12 6v1.5M12 9.2v1.6M12 12.5V14",
        ["message"] = "M3 4.5h14v9H9l-3.5 3v-3H3ZM6.5 7.7h7M6.5 10.3h4.5",
        ["desk"] = "M3.5 11V9.8a6.5 6.5 0 0 1 13 0V11M3.5 10.5h2.7v4.3H3.5ZM13.8 10.5h2.7v4.3h-2.7ZM16.3 14.8c0 1.3-1.5 2.2-3.8 2.2H11",
        ["policy"] = "M5 3h7l3 3v11H5ZM12 3v3h3M7.5 9.5h5M7.5 12h5M7.5 14.5h3",
        ["deletion"] = "M4 5.5h12M8 5.5V3.7h4v1.8M5.5 5.5l.7 11h7.6l.7-11M8.4 8.5l.2 5M11.6 8.5l-.2 5",
        ["evidence"] = "M10 12.5a4.7 4.7 0 1 0 0-9.4 4.7 4.7 0 0 0 0 9.4ZM7 11.5 6 17l4-2 4 2-1-5.5M8.2 7.8l1.3 1.3 2.4-2.5",
        ["reveal"] = "M2.5 10S5.3 5 10 5s7.5 5 7.5 5-2.8 5-7.5 5-7.5-5-7.5-5ZM10 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6Z",
        ["masked"] = "M2.5 8.5c1.7 2.4 4.3 3.9 7.5 3.9s5.8-1.5 7.5-3.9M4.5 11l-1.3 2M8 12.3l-.5 2.4M12 12.3l.5 2.4M15.5 11l1.3 2",
        ["lock"] = "M4.5 9h11v7.5h-11ZM7 9V6.5a3 3 0 0 1 6 0V9M10 12v1.8",
        ["chart"] = "M3.5 3.5v13h13M7 13V9.5M10.5 13V6M14 13V8",
        ["map"] = "M3 5.5 7.5 4l5 1.7L17 4v10.5L12.5 16l-5-1.7L3 16ZM7.5 4v10.3M12.5 5.7V16",
        ["account"] = "M4 17V3.5h8V17M12 8h4v9M2.5 17h15M6.5 6.5h3M6.5 9.5h3M6.5 12.5h3",
        ["settings"] = "M3 6h8M15 6h2M3 14h2M9 14h8M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
        ["mail"] = "M3 5h14v10.5H3ZM3.3 5.5 10 10.8l6.7-5.3",
        ["phone"] = "M6.5 2.8h7v14.4h-7ZM9 14.7h2",
        ["clock"] = "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4.2l2.7 1.6",
        ["backup"] = "M10 8c3.6 0 6.5-1.1 6.5-2.5S13.6 3 10 3 3.5 4.1 3.5 5.5 6.4 8 10 8ZM3.5 5.5v9C3.5 15.9 6.4 17 10 17s6.5-1.1 6.5-2.5v-9M3.5 10c0 1.4 2.9 2.5 6.5 2.5s6.5-1.1 6.5-2.5",
        ["attachment"] = "m15.5 9.3-5.6 5.6a3.3 3.3 0 0 1-4.7-4.7l6-6a2.3 2.3 0 0 1 3.3 3.3l-5.9 5.9a1.2 1.2 0 0 1-1.7-1.7l5.2-5.2",

        // Things to do
        ["search"] = "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4",
        ["filter"] = "M3 5.5h14M5.5 10h9M8 14.5h4",
        ["plus"] = "M10 4v12M4 10h12",
        ["edit"] = "m4 16 .8-3.5L13.5 4 16 6.5l-8.7 8.6ZM12 5.5 14.5 8",
        ["copy"] = "M7 7h9.5v9.5H7ZM4.5 13H3.5V3.5H13v1",
        ["download"] = "M10 3.5v9M6.5 9.2l3.5 3.5 3.5-3.5M3.5 16.5h13",
        ["upload"] = "M10 13V4M6.5 7.3 10 3.8l3.5 3.5M3.5 16.5h13",
        ["external"] = "M8 4.5H4v11.5h11.5V12M11.5 3.5h5v5M16.3 3.7 9.5 10.5",
        ["refresh"] = "M16 10a6 6 0 1 1-1.8-4.3L16.5 8M16.5 4v4h-4",
        ["play"] = "M6 4v12l10-6Z",
        ["stop"] = "M5.5 5.5h9v9h-9Z",
        ["sign-out"] = "M8 3.5H3.5v13H8M8 10h9M13.8 6.7 17 10l-3.2 3.3",
        ["sign-in"] = "M12 3.5h4.5v13H12M3 10h9M8.8 6.7 12 10l-3.2 3.3",

        // Signs
        ["check"] = "m4 10.5 4 4L16.5 6",
        ["close"] = "m5 5 10 10M15 5 5 15",
        ["info"] = "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 9.3v4M10 6.7h.01",
        ["good"] = "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM6.8 10.2l2.2 2.2 4.2-4.6",
        ["warning"] = "M10 3.5 17.5 16.5h-15ZM10 8.5v3.7M10 14.3h.01",
        ["danger"] = "M7 3h6l4 4v6l-4 4H7l-4-4V7ZM10 6.5v4.2M10 13.3h.01",
        ["menu"] = "M3 5.5h14M3 10h14M3 14.5h14",
        ["more"] = "M4.5 10h.01M10 10h.01M15.5 10h.01",
        ["chevron-down"] = "m5.5 8 4.5 4.5L14.5 8",
        ["chevron-left"] = "M12 5.5 7.5 10l4.5 4.5",
        ["chevron-right"] = "M8 5.5 12.5 10 8 14.5",
        ["arrow-right"] = "M3.5 10h13M12 5.5l4.5 4.5-4.5 4.5",
        ["globe"] = "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM3 10h14M10 3c2 1.9 3 4.3 3 7s-1 5.1-3 7c-2-1.9-3-4.3-3-7s1-5.1 3-7Z",
        ["sun"] = "M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM10 2.5v1.7M10 15.8v1.7M2.5 10h1.7M15.8 10h1.7M4.7 4.7l1.2 1.2M14.1 14.1l1.2 1.2M15.3 4.7l-1.2 1.2M5.9 14.1l-1.2 1.2",
        ["moon"] = "M16.5 11.7A6.8 6.8 0 0 1 8.3 3.5a6.8 6.8 0 1 0 8.2 8.2Z",
        ["theme"] = "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 3v14M10 6.5l4.6-1.2M10 10h7M10 13.5l4.6 1.2",
        ["arrow-up"] = "M10 16V4.5M5.5 9 10 4.5 14.5 9",
        ["arrow-down"] = "M10 4v11.5M5.5 11 10 15.5 14.5 11",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names of all icons.</summary>
    public static IReadOnlyCollection<string> Names => Paths.Keys;

    internal static string Of(string name) =>
        Paths.TryGetValue(name, out var path) ? path : throw new ArgumentException($"No icon is called '{name}'.", nameof(name));
}
