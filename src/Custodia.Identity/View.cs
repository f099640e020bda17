using System.Diagnostics.CodeAnalysis;
using Custodia.Console;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Custodia.Identity;

/// <summary>
/// Shows a page with its model. Razor makes components public and the types of this module are not, so a page takes its model as an
/// object and reads it through one typed property.
/// </summary>
internal static class View
{
    public static RazorComponentResult<TPage> Show<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TPage>(object model)
        where TPage : IComponent => Page.Show<TPage>(new { Model = model });

    public static RazorComponentResult<TPage> Show<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TPage>(int status, object model)
        where TPage : IComponent => Page.With<TPage>(status, new { Model = model });

    /// <summary>The form again, with what was entered and what is wrong with it.</summary>
    public static RazorComponentResult<TPage> Invalid<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TPage>(object model)
        where TPage : IComponent => Show<TPage>(StatusCodes.Status422UnprocessableEntity, model);
}
