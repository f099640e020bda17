namespace Custodia.Identity.Factors;

/// <summary>What a person signs in with besides the password: authenticator app, recovery codes, passkeys, a verified mobile.</summary>
internal static class Credential
{
    public const string Category = "identity.credential";
}
