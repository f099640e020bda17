namespace Custodia.Identity.Tokens;

/// <summary>Token type identifiers (RFC 8693 section 3) that are understood.</summary>
internal static class TokenTypes
{
    public const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";
    public const string Jwt = "urn:ietf:params:oauth:token-type:jwt";
}
