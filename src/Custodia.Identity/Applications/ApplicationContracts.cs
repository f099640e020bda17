namespace Custodia.Identity.Applications;

/// <summary>An application to be made; what is left out takes the defaults of its kind.</summary>
/// <param name="Directory">Name of the directory whose people sign in to it.</param>
internal sealed record NewApplication(string Directory, ApplicationKind Kind) : ApplicationSettings;

/// <summary>An application as the API shows it.</summary>
/// <param name="Secrets">Its secrets that still work, without the secrets themselves.</param>
internal sealed record ApplicationView(
    Guid Id,
    string ClientId,
    string Directory,
    ApplicationKind Kind,
    long CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    ApplicationSettings Settings,
    IReadOnlyList<SecretView> Secrets);

/// <param name="ExpiresAt">Null for the current secret.</param>
internal sealed record SecretView(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>The only answer that shows a secret.</summary>
/// <param name="ClientSecret">Null for public clients.</param>
internal sealed record CreatedApplication(ApplicationView Application, string? ClientSecret);

/// <summary>A new secret.</summary>
/// <param name="OthersUntil">When older secrets stop working.</param>
internal sealed record RotatedSecret(string ClientSecret, DateTimeOffset OthersUntil);

/// <param name="OverlapSeconds">0 to 604,800; how long older secrets work on. Default: a day.</param>
internal sealed record SecretRotation(int? OverlapSeconds = null);

internal sealed record ApplicationList(IReadOnlyList<ApplicationView> Items, string? NextCursor);
