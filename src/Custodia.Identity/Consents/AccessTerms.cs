using Custodia.Identity.Applications;

namespace Custodia.Identity.Consents;

/// <summary>What a person agrees to: what the application may do, with which service, and for how long (ASVS 10.7.2).</summary>
/// <param name="Scopes">Scope values.</param>
/// <param name="Resource">The audience asked for (RFC 8707); null for the server itself.</param>
/// <param name="Until">When what is given now ends at the latest.</param>
internal sealed record AccessTerms(IReadOnlyList<string> Scopes, string? Resource, DateTimeOffset Until)
{
    public static AccessTerms Of(ApplicationModel application, IReadOnlyList<string> scopes, string? resource, DateTimeOffset now) =>
        new(scopes, resource, now + application.AccessTokenLife + (scopes.Contains(Protocol.Scopes.OfflineAccess, StringComparer.Ordinal) ? application.RefreshLife : TimeSpan.Zero));
}
