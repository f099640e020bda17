using System.Text.Json.Serialization;

namespace Custodia.Identity.Users;

/// <summary>What a user profile says, opened or masked. Held in memory only as long as a request needs it.</summary>
internal sealed record Profile
{
    public string? UserName { get; init; }

    public string? Email { get; init; }

    public string? Mobile { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>ISO 8601 date.</summary>
    public string? BirthDate { get; init; }

    public string? Gender { get; init; }

    /// <summary>BCP 47 tag.</summary>
    public string? Locale { get; init; }

    /// <summary>JSON object of text values.</summary>
    public string? CustomAttributes { get; init; }

    /// <summary>What a greeting calls the person.</summary>
    [JsonIgnore]
    public string? Greeting => DisplayName ?? UserName ?? Email;

    /// <summary>Never the content: a profile must not end in a log.</summary>
    public override string ToString() => "(profile)";
}
