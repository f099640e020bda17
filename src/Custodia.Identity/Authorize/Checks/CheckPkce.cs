using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>A challenge always, and S256 only (RFC 7636 section 4.4.1, RFC 9700 section 2.1.1).</summary>
internal static class CheckPkce
{
    public const string Method = "S256";

    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) => new(Check(context.Parameters));

    private static AuthorizeAnswer? Check(Parameters parameters)
    {
        if (parameters["code_challenge"] is not { } challenge) return AuthorizeAnswer.Refuse(Errors.InvalidRequest, "code challenge required");
        if (parameters["code_challenge_method"] != Method) return AuthorizeAnswer.Refuse(Errors.InvalidRequest, "transform algorithm not supported, use S256");
        return JoseText.IsHash(challenge)
            ? null
            : AuthorizeAnswer.Refuse(Errors.InvalidRequest, "code_challenge must be 43 base64url characters");
    }
}
