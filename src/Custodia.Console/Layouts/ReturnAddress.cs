using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Custodia.Console;

internal static class ReturnAddress
{
    /// <summary>
    /// Where a person is, to come back to: path and query, without <c>ui_locales</c>, which would win over the language
    /// that is being chosen. The start page if the address is not one to go back to.
    /// </summary>
    public static string Of(HttpContext? http)
    {
        if (http is null)
            return "/";
        var request = http.Request;
        var query = new QueryBuilder(request.Query
            .Where(q => !q.Key.Equals("ui_locales", StringComparison.OrdinalIgnoreCase))
            .SelectMany(q => q.Value, (q, value) => KeyValuePair.Create(q.Key, value ?? "")));
        var here = request.PathBase.Add(request.Path).ToUriComponent() + query.ToQueryString().ToUriComponent();
        return LocalPath.IsLocal(here) ? here : "/";
    }
}
