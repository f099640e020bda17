using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Custodia.Identity.Protocol;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>The verifier of the challenge (RFC 7636 sections 4.1 and 4.6): only who began the request can finish it.</summary>
internal static class CheckVerifier
{
    private const int Shortest = 43;

    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    public static ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation) => new(Check(context));

    private static TokenAnswer? Check(TokenContext context)
    {
        if (context.Parameters["code_verifier"] is not { } verifier) return TokenAnswer.Refuse(Errors.InvalidRequest, "code_verifier is missing");
        if (verifier.Length < Shortest || verifier.AsSpan().IndexOfAnyExcept(Unreserved) >= 0)
            return TokenAnswer.Refuse(Errors.InvalidRequest, "code_verifier must be 43 to 128 unreserved characters");
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(challenge), Encoding.ASCII.GetBytes(context.Grant.CodeChallenge))
            ? null
            : TokenAnswer.Refuse(Errors.InvalidGrant, "code_verifier does not match the challenge");
    }
}
