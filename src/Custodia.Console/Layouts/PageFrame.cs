using Microsoft.AspNetCore.Http;

namespace Custodia.Console;

/// <summary>
/// What a layout shows around a page: who is signed in, whose brand, which links. Kept with the request; middleware or
/// the endpoint fills it before the page is rendered.
/// </summary>
/// <example><code>PageFrame.Of(http).Viewer = new Viewer("Ada", "demo", can: permissions.Contains, "/d/staff/sign-out");</code></example>
public sealed class PageFrame
{
    /// <summary>Who is signed in; null shows no user menu.</summary>
    public Viewer? Viewer { get; set; }

    /// <summary>Whose page this is; null shows the product's own name and colours.</summary>
    public Brand? Brand { get; set; }

    /// <summary>Links of a portal's own navigation (<see cref="PortalLayout"/>), for example profile, security, privacy.</summary>
    public IReadOnlyList<NavLink> Links { get; set; } = [];

    /// <summary>Where the name at the top leads. Default: the start page.</summary>
    public string HomePath { get; set; } = "/";

    /// <summary>The frame of a request; made at the first call.</summary>
    public static PageFrame Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<PageFrame>() is { } frame)
            return frame;
        frame = new PageFrame();
        context.Features.Set(frame);
        return frame;
    }
}

/// <summary>The person who looks at a page.</summary>
/// <param name="Name">Shown in the user menu.</param>
/// <param name="Detail">Shown below the name, for example the account's or the directory's name.</param>
/// <param name="Can">Whether the person has a permission; navigation items that ask for one they lack are left out.</param>
/// <param name="SignOutPath">Where the sign-out form posts to (with an antiforgery token); null shows no sign-out.</param>
/// <param name="AccountPath">The person's own portal; null shows no link.</param>
public sealed record Viewer(
    string Name, string? Detail, Func<string, bool> Can, string? SignOutPath = null, string? AccountPath = null);

/// <summary>How a directory presents itself on its sign-in pages and portals.</summary>
/// <param name="Name">Shown as the name of the page's owner.</param>
/// <param name="LogoPath">A path of this server, or a data: address of an image; null shows the name alone.</param>
/// <param name="Colour">Accent as <c>#rrggbb</c>; anything else is ignored. Contrast is corrected for both themes.</param>
public sealed record Brand(string Name, string? LogoPath = null, string? Colour = null)
{
    /// <summary>One sentence above a small form (<see cref="CardLayout"/>); null shows none.</summary>
    public string? Lead { get; init; }

    /// <summary>Links below a small form, for example help and terms; addresses elsewhere.</summary>
    public IReadOnlyList<NavLink> Links { get; init; } = [];

    /// <summary>A style sheet that shows the colour inside <c>.brand-preview</c> alone, or null.</summary>
    public string? PreviewStyleSheet => Sheet("preview/");

    /// <summary>The style sheet of the colour, or null.</summary>
    internal string? StyleSheet => Sheet("");

    private string? Sheet(string scope) =>
        Colour is ['#', .. { Length: 6 } hex] && hex.All(char.IsAsciiHexDigit)
            ? $"{LookAssets.PathPrefix}/brand/{scope}{hex.ToLowerInvariant()}.css"
            : null;
}

/// <summary>A link of a portal's own navigation.</summary>
/// <param name="Text">In the language of the request.</param>
/// <param name="Href">A path of this server.</param>
/// <param name="Icon">A name that <see cref="Icon"/> knows; null shows none.</param>
public sealed record NavLink(string Text, string Href, string? Icon = null);
