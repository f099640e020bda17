namespace Custodia.Console;

/// <summary>The sections of the console's navigation, in the order in which they are shown.</summary>
public enum NavArea
{
    /// <summary>The console's first pages; shown without a heading.</summary>
    Overview,

    /// <summary>Directories, users, applications.</summary>
    Identity,

    /// <summary>Projects, flows, runtimes.</summary>
    Integration,

    /// <summary>The support desk.</summary>
    Tickets,

    /// <summary>Policy, deletion requests, reveals, whitelists.</summary>
    Privacy,

    /// <summary>The account itself.</summary>
    Settings,
}

/// <summary>
/// One entry of the console's navigation. Modules register theirs as singletons; <see cref="ConsoleLayout"/> shows those
/// that the signed-in person may use.
/// </summary>
/// <param name="Area">The section.</param>
/// <param name="Text">The text in the language of the request; called at each rendering.</param>
/// <param name="Href">A path of this server, for example <c>/console/users</c>. The entry whose path is the longest prefix of the current one is marked.</param>
/// <param name="Icon">A name that <see cref="Icon"/> knows.</param>
/// <param name="Order">Position inside the section, ascending.</param>
/// <param name="Permission">What a person needs to see the entry; null: every member of staff.</param>
/// <example><code>
/// services.AddSingleton(new NavItem(NavArea.Identity, () => Texts.Of("Users"), "/console/users", "users", 10, "identity.users.read"));
/// </code></example>
public sealed record NavItem(
    NavArea Area, Func<string> Text, string Href, string Icon, int Order, string? Permission = null)
{
    /// <summary>Whether the entry's page, or one below it, is the current one.</summary>
    internal bool Covers(string path) =>
        path.StartsWith(Href, StringComparison.OrdinalIgnoreCase) && (path.Length == Href.Length || path[Href.Length] == '/');
}
