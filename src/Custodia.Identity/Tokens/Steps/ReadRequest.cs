using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>A form, each parameter once, none too long (RFC 6749 section 3.2).</summary>
internal static class ReadRequest
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        if (await ParameterReading.ReadFormAsync(context.Http.Request, cancellation) is not { } parameters)
            return TokenAnswer.Refuse(Errors.InvalidRequest, "the body must be application/x-www-form-urlencoded");
        context.Parameters = parameters;
        return parameters.Fault is { } fault ? new TokenAnswer.Refused(fault) : null;
    }
}
