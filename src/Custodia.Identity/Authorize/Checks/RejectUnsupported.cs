using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>Request objects and registration by value are not taken (OpenID Connect Core sections 3.1.2.6, 6 and 7.2.1).</summary>
internal static class RejectUnsupported
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) => new(Check(context.Parameters));

    private static AuthorizeAnswer? Check(Parameters parameters)
    {
        if (parameters.Has("request")) return AuthorizeAnswer.Refuse(Errors.RequestNotSupported, "request objects are not supported");
        if (parameters.Has("request_uri")) return AuthorizeAnswer.Refuse(Errors.RequestUriNotSupported, "request_uri is not supported");
        return parameters.Has("registration")
            ? AuthorizeAnswer.Refuse(Errors.RegistrationNotSupported, "registration is not supported")
            : null;
    }
}
