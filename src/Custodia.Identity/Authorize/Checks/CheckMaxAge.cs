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
        if (text.AsSpan().ContainsAnyExceptInRange('0', '9')) return AuthorizeAnswer.Refuse(Errors.InvalidRequest, "max_age must be whole seconds");
        // More seconds than any sign-in is old are no limit.
        context.MaxAge = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
        return null;
    }
}
