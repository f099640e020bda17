using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>
/// A person's access token that is still worth something, of an application whose tokens this one may exchange. Anything else is
/// <c>invalid_request</c> (RFC 8693 section 2.2.2), and the answer does not say which rule it broke.
/// </summary>
internal static class FindSubject
{
    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var subject = await context.Service<AccessTokens>().ReadAsync(context.Parameters["subject_token"]!, cancellation);
        if (subject?.Grant is null || subject.Issuer.DirectoryId != context.Issuer.DirectoryId || !context.Application.ExchangeFrom.Contains(subject.Application.ClientId))
            return TokenAnswer.Refuse(Errors.InvalidRequest, "the subject token is not valid or may not be exchanged");
        if (subject.Facts.Delegation is { Actors.Length: >= Delegation.MaxDepth })
            return TokenAnswer.Refuse(Errors.InvalidRequest, "the subject token has passed through too many services");
        context.Subject = subject;
        context.Held = new HeldGrant(subject.Grant, subject.Holder);
        return null;
    }
}
