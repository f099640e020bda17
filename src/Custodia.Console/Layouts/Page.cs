using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Custodia.Console;

/// <summary>Makes results of page components. The page is rendered whole before the first byte is sent.</summary>
public static class Page
{
    /// <summary>200 with the page.</summary>
    /// <param name="parameters">An object whose properties are the page's parameters; null for none.</param>
    /// <example><code>return Page.Show&lt;UsersPage&gt;(new { Users = users });</code></example>
    public static RazorComponentResult<TPage> Show<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TPage>(
        object? parameters = null)
        where TPage : IComponent => With<TPage>(StatusCodes.Status200OK, parameters);

    /// <summary>422 with the page: the form comes back with its values and its errors beside the fields.</summary>
    /// <example><code>if (!form.IsValid) return Page.Invalid&lt;NewUserPage&gt;(new { Form = form });</code></example>
    public static RazorComponentResult<TPage> Invalid<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TPage>(
        object? parameters = null)
        where TPage : IComponent => With<TPage>(StatusCodes.Status422UnprocessableEntity, parameters);

    /// <summary>The page with any status code.</summary>
    public static RazorComponentResult<TPage> With<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TPage>(
        int statusCode, object? parameters = null)
        where TPage : IComponent =>
        new(parameters ?? new { }) { StatusCode = statusCode, PreventStreamingRendering = true };
}
