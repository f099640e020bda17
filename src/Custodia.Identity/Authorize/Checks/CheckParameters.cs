namespace Custodia.Identity.Authorize.Checks;

/// <summary>Each parameter once, none too long, no control characters (RFC 6749 section 3.1).</summary>
internal static class CheckParameters
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) =>
        new(context.Parameters.Fault is { } fault ? new AuthorizeAnswer.Refused(fault) : null);
}
