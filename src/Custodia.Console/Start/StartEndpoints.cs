using Custodia.Kernel.Access;
using Custodia.Kernel.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Custodia.Console.Start;

/// <summary>The start page: what the server is, what it holds and how it keeps its word.</summary>
public static class StartEndpoints
{
    /// <summary>Maps <c>/</c>.</summary>
    public static void MapStart(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/", ShowAsync).AllowAnyone("Start page").ExcludeFromDescription();

    private static async Task<IResult> ShowAsync(LoadedPolicy policy, LiveFigureBoard board, IHostEnvironment environment, CancellationToken cancellation) =>
        Page.Show<StartPage>(new
        {
            Policy = policy,
            Figures = await board.ReadAsync(cancellation),
            Sample = environment.IsDevelopment(),
        });
}
