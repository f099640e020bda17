using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>The code flow only (RFC 9700 section 2.1.2), for applications that people sign in to.</summary>
internal static class CheckResponseType
{
    public const string Code = "code";

    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) => new(Check(context));

    private static AuthorizeAnswer? Check(AuthorizeContext context) => context.Parameters["response_type"] switch
    {
        null => AuthorizeAnswer.Refuse(Errors.InvalidRequest, "response_type is missing"),
        Code => context.Application.ActsForPeople ? null : AuthorizeAnswer.Refuse(Errors.UnauthorizedClient, "the application may not use this flow"),
        _ => AuthorizeAnswer.Refuse(Errors.UnsupportedResponseType, "only the response type code is supported"),
    };
}
