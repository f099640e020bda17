using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>
/// A sign-in that is young enough (<c>max_age</c>) or made for this very request (<c>prompt=login</c>, <c>select_account</c>, <c>create</c>):
/// after the request was stored, which the browser cannot change. Choosing an account is signing in, since a browser has one
/// session a directory.
/// </summary>
internal static class RequireFreshSignIn
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) => new(Check(context));

    private static AuthorizeAnswer? Check(AuthorizeContext context)
    {
        var signedIn = context.Session.Session.AuthTime;
        if (context.Pending is { } pending && signedIn >= pending.Stored.CreatedAt) return null;
        var demanded = (context.Prompts & (Prompts.Login | Prompts.SelectAccount | Prompts.Create)) != Prompts.Unsaid;
        if (!demanded && (context.MaxAge is not { } age || context.Now - signedIn <= age)) return null;
        return context.Prompts.HasFlag(Prompts.None)
            ? AuthorizeAnswer.Refuse(Errors.LoginRequired, "the sign-in is too old")
            : new AuthorizeAnswer.SignIn();
    }
}
