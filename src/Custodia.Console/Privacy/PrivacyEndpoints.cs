using System.Globalization;
using System.Reflection;
using Custodia.Kernel.Access;
using Custodia.Kernel.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Custodia.Console.Privacy;

/// <summary>The published policy.</summary>
public static class PrivacyEndpoints
{
    /// <summary>Maps <c>/privacy</c> and the policy's other forms; everybody may read them.</summary>
    public static void MapPrivacy(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("/privacy").AllowAnyone("published policy").ExcludeFromDescription();
        open.MapGet("", ShowAsync);
        open.MapGet("/record.csv", (PolicyDocuments documents) => Document(documents, "csv"));
        open.MapGet("/record.html", (PolicyDocuments documents) => Document(documents, "html"));
        open.MapGet("/record.jsonld", (PolicyDocuments documents) => Document(documents, "jsonld"));
        open.MapGet("/policy.json", (PolicyDocuments documents) => Document(documents, "json"));
    }

    private static async Task<RazorComponentResult<PrivacyPage>> ShowAsync(PolicyInForce policy, LiveFigureBoard board, CancellationToken cancellation) =>
        Page.Show<PrivacyPage>(new { Policy = policy, Figures = await board.ReadAsync(cancellation), Build });

    private static FileContentHttpResult Document(PolicyDocuments documents, string format)
    {
        var language = LanguageChoice.Match(CultureInfo.CurrentUICulture.Name) ?? LanguageChoice.Supported[0];
        return TypedResults.File(
            documents.Of(format, language),
            PolicyExport.Formats[format].MediaType,
            entityTag: new EntityTagHeaderValue(documents.TagOf(format, language)));
    }

    private static string Build { get; } =
        typeof(PrivacyEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
