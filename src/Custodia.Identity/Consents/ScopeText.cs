using Custodia.Identity.Protocol;

namespace Custodia.Identity.Consents;

/// <summary>A scope in words that a person understands; scopes of the application's own are shown by their name.</summary>
internal static class ScopeText
{
    public static string Of(string scope) => scope switch
    {
        Scopes.OpenId => ProtocolTexts.Of("ScopeOpenId"),
        Scopes.Profile => ProtocolTexts.Of("ScopeProfile"),
        Scopes.Email => ProtocolTexts.Of("ScopeEmail"),
        Scopes.Phone => ProtocolTexts.Of("ScopePhone"),
        Scopes.OfflineAccess => ProtocolTexts.Of("ScopeOffline"),
        Scopes.Groups => ProtocolTexts.Of("ScopeGroups"),
        _ => ProtocolTexts.Of("ScopeOther", scope),
    };
}
