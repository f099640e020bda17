using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>
/// The person the application named is the one who is signed in; anybody else is never answered for (OpenID Connect Core
/// sections 3.1.2.1 and 3.1.2.2). Without a fresh sign-in for this request they get the chance to change.
/// </summary>
internal static class RequireExpectedPerson
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) => new(Check(context));

    private static AuthorizeAnswer? Check(AuthorizeContext context)
    {
        if (context.ExpectedPerson is not { } expected || expected == context.Session.User.Id) return null;
        var justSignedIn = context.Pending is { } pending && context.Session.Session.AuthTime >= pending.Stored.CreatedAt;
        return justSignedIn || context.Prompts.HasFlag(Prompts.None)
            ? AuthorizeAnswer.Refuse(Errors.LoginRequired, "another person is signed in")
            : new AuthorizeAnswer.SignIn();
    }
}
