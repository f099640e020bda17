using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Policy.Review;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Console.Protection;

/// <summary>The policy in force, what waits for a confirmation and what it would delete; the confirmation.</summary>
internal static class PolicyPages
{
    public const string Home = "/console/privacy/policy";

    /// <summary>Notice after a confirmation.</summary>
    public const string Confirmed = "policy-confirmed";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Home, ShowAsync).RequirePermission(PolicyAccess.Read);
        routes.MapPost(Home + "/confirm", Confirm).RequirePermission(PolicyAccess.Confirm, PolicyAccess.Area);
    }

    private static async Task<IResult> ShowAsync(PolicyReview review, HttpContext http, CancellationToken cancellation) => Page.Show<PolicyPage>(new
    {
        Standing = review.Standing(),
        Deletions = await review.PreviewAsync(cancellation),
        MayConfirm = http.Caller().Can(PolicyAccess.Confirm),
    });

    private static IResult Confirm([FromForm] IFormCollection posted, PolicyReview review, HttpContext http)
    {
        if (posted["confirmed"] != "true") return Problem.Invalid(("confirmed", "is required"));
        return review.Confirm(posted["sha256"].ToString(), http.Caller().Name) switch
        {
            ConfirmOutcome.OtherPolicy => Problem.Conflict("other-policy", "The loaded policy is not the one that you have seen; look at it again."),
            _ => new SeeOther($"{Home}?note={Confirmed}"),
        };
    }
}
