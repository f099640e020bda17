using Custodia.Identity.Statistics;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Administration;

/// <summary><c>/api/v1/statistics</c>: the figures of the account or of one directory.</summary>
internal static class StatisticsApi
{
    public static void MapStatisticsApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/statistics", GetAsync).WithTags("Statistics").RequirePermission(Permissions.StatisticsRead).Produces<StatisticsAnswer>()
            .Describe("getStatistics", "Figures of the account or of one directory", 404);

    private static async Task<IResult> GetAsync(
        HttpContext http, UserQueries queries, StatisticsReader reader, string? directory, CancellationToken cancellation)
    {
        var directories = await queries.DirectoriesAsync(http.Caller().Account, cancellation);
        if (directory is not null) directories = directories.FindAll(d => d.Name == directory);
        return directories.Count == 0 ? Problem.NotFound("directory") : Results.Ok(await reader.ReadAsync(directories, cancellation));
    }
}
