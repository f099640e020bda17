using Custodia.Console;
using Custodia.Identity.Branding;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Directories;

/// <summary>Finds the directory of a route and dresses its pages.</summary>
internal static class DirectoryPages
{
    public static IResult NoDirectory() => Problem.NotFound("directory");

    /// <summary>The directory with this route segment; its brand is put around the page. Null when there is none.</summary>
    public static async Task<Directory?> FindDirectoryAsync(this IdentityContext database, HttpContext http, string name, CancellationToken cancellation)
    {
        if (name.Length > Directory.MaxName) return null;
        var directory = await database.Directories.AsNoTracking().FirstOrDefaultAsync(d => d.Name == name, cancellation);
        if (directory is not null) PageFrame.Of(http).Brand = await http.RequestServices.GetRequiredService<Brandings>().BrandAsync(directory, cancellation);
        return directory;
    }

    /// <summary>The title in the language of the request.</summary>
    public static string TitleNow(this Directory directory) =>
        System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" ? directory.TitleZh : directory.Title;

    /// <summary>Where somebody goes who signed in without wanting to go anywhere in particular.</summary>
    public static string HomePath(this Directory directory) => directory.IsStaff ? "/console" : $"/account/{directory.Name}";

    /// <summary>An address that came with the request, if it stays on this server; else the directory's home.</summary>
    public static string ReturnOrHome(this Directory directory, string? wanted) =>
        LocalPath.IsLocal(wanted) ? wanted : directory.HomePath();
}
