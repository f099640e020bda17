using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Kernel.Policy.Review;

/// <summary><c>/api/v1/policy</c>: the loaded policy, what waits, what it would delete, and the confirmation.</summary>
internal static class PolicyApi
{
    private const int LeastName = 2;
    private const int MostName = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/policy").WithTags("Protection");
        api.MapGet("", Standing).RequirePermission(PolicyAccess.Read).Produces<PolicyStanding>()
            .Describe("getPolicy", "The loaded policy, the one in force, and the changes that wait for a confirmation");
        api.MapGet("/preview", PreviewAsync).RequirePermission(PolicyAccess.Read).Produces<PolicyPreview>()
            .Describe("previewPolicy", "What the waiting changes would delete now");
        api.MapGet("/files", Files).RequirePermission(PolicyAccess.Read).Produces<PolicyFolder>()
            .Describe("checkPolicyFiles", "The policy files as they are now, which the next start would load: findings and changes");
        api.MapPost("/confirm", Confirm).RequirePermission(PolicyAccess.Confirm, PolicyAccess.Area).Produces<PolicyStanding>()
            .Describe("confirmPolicy", "Puts the loaded policy into force in a person's name", 409);
    }

    private static Ok<PolicyStanding> Standing(PolicyReview review) => TypedResults.Ok(review.Standing());

    private static async Task<Ok<PolicyPreview>> PreviewAsync(PolicyReview review, CancellationToken cancellation) =>
        TypedResults.Ok(new PolicyPreview(review.Standing().Sha256, await review.PreviewAsync(cancellation)));

    private static Ok<PolicyFolder> Files(PolicyReview review) => TypedResults.Ok(review.Folder());

    private static IResult Confirm(PolicyConfirmBody body, PolicyReview review, HttpContext http)
    {
        var caller = http.Caller();
        if (NameOf(caller, body.By) is not { } by)
        {
            return Problem.Invalid(("by", caller.Person is null
                ? $"an application says who confirms: a name of {LeastName} to {MostName} characters"
                : "must be left out: whoever is signed in confirms in their own name"));
        }

        return review.Confirm(body.Sha256, by) switch
        {
            ConfirmOutcome.InForce => TypedResults.Ok(review.Standing()),
            ConfirmOutcome.OtherPolicy other => Problem.Conflict("other-policy", "The loaded policy is not the one that you have seen; look at it again.", ("sha256", other.Loaded)),
            _ => Problem.Conflict("nothing-waits", "The loaded policy is in force already."),
        };
    }

    /// <summary>A named person: the one who is signed in, or the one that an application vouches for.</summary>
    private static string? NameOf(Caller caller, string? by)
    {
        if (caller.Person is not null) return by is null ? caller.Name : null;
        return by?.Trim() is { Length: >= LeastName and <= MostName } name ? $"{name} ({caller.Name})" : null;
    }
}

/// <param name="Sha256">The loaded policy as it was looked at; another one is a conflict.</param>
/// <param name="By">The person's name; from applications only.</param>
internal sealed record PolicyConfirmBody(string Sha256, string? By = null);

internal sealed record PolicyPreview(string Sha256, IReadOnlyList<PendingDeletion> Deletions);

/// <summary>Permissions over the policy. Everybody reads it at <c>/privacy</c>; these are about what waits.</summary>
public static class PolicyAccess
{
    public const string Read = "protection.policy.read";

    public const string Confirm = "protection.policy.confirm";

    /// <summary>Area of the admin action log.</summary>
    public const string Area = "policy.confirm";
}
