using System.Diagnostics.CodeAnalysis;
using Custodia.Console;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Custodia.Integration.Pages;

/// <summary>
/// Shows a page with its model. Razor makes components public and the types of this module are not, so a page takes its model as an
/// object and reads it through one typed property.
/// </summary>
internal static class View
{
    public static RazorComponentResult<TPage> Show<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TPage>(object model, int status = StatusCodes.Status200OK)
        where TPage : IComponent => Page.With<TPage>(status, new { Model = model });
}
