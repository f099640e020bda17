using System.Globalization;
using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>Whole seconds, 0 or more (OpenID Connect Core section 3.1.2.1); 0 asks for a fresh sign-in.</summary>
internal static class CheckMaxAge
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) => new(Check(context));

    private static AuthorizeAnswer? Check(AuthorizeContext context)
    {
        if (context.Parameters["max_age"] is not { } text) return null;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return AuthorizeAnswer.Refuse(Errors.InvalidRequest, "max_age must be whole seconds");
        context.MaxAge = TimeSpan.FromSeconds(seconds);
        return null;
    }
}
