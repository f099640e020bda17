using System.Text.Json;
using Custodia.Identity.Users;

namespace Custodia.Identity.Administration;

/// <summary>A page of a list.</summary>
/// <param name="NextCursor">Null on the last page.</param>
internal sealed record ListAnswer<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>A user as the API shows them: personal values as masks.</summary>
/// <param name="Status"><c>NORMAL</c>, <c>LOCKED</c> or <c>FROZEN</c>.</param>
/// <param name="Masked">The profile as masks, e.g. <c>a***@example.com</c>; see <c>POST /api/v1/users/{id}/reveal</c>.</param>
internal sealed record UserAnswer(
    Guid Id,
    string Directory,
    string Status,
    bool EmailVerified,
    bool HasPassword,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastSignInAt,
    MaskedProfile Masked);

/// <summary>Masks of the fields that are set; null where there is nothing.</summary>
internal sealed record MaskedProfile(
    string? UserName, string? Email, string? Mobile, string? DisplayName, string? BirthDate, string? Gender, string? Locale, string? CustomAttributes)
{
    public static MaskedProfile Of(Profile masks) => new(
        masks.UserName, masks.Email, masks.Mobile, masks.DisplayName, masks.BirthDate, masks.Gender, masks.Locale, masks.CustomAttributes);
}

/// <summary>A user to be created. User name or email is needed.</summary>
/// <param name="Directory">Name of a customer directory of the account.</param>
/// <param name="Password">8 to 128 characters; null for people who sign in by mailed codes.</param>
/// <param name="EmailVerified">Whether the account vouches for the address.</param>
/// <param name="Invite">Mails the person where to sign in; needs an email.</param>
internal sealed record NewUserRequest(
    string Directory,
    string? UserName = null,
    string? Email = null,
    bool EmailVerified = false,
    string? Mobile = null,
    string? DisplayName = null,
    string? BirthDate = null,
    string? Gender = null,
    string? Locale = null,
    IReadOnlyDictionary<string, string>? CustomAttributes = null,
    string? Password = null,
    bool Invite = false)
{
    public Profile ToProfile() => new()
    {
        UserName = Empty(UserName),
        Email = Empty(Email),
        Mobile = Empty(Mobile),
        DisplayName = Empty(DisplayName),
        BirthDate = Empty(BirthDate),
        Gender = Empty(Gender),
        Locale = Empty(Locale),
        CustomAttributes = CustomAttributes is { Count: > 0 } ? JsonSerializer.Serialize(CustomAttributes) : null,
    };

    /// <summary>Never the content.</summary>
    public override string ToString() => "(new user)";

    private static string? Empty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

/// <param name="Reason">3 to 500 characters; staff read it, and the person in their export.</param>
internal sealed record LockRequest(string Reason);

/// <param name="Field">One of <c>userName</c>, <c>email</c>, <c>mobile</c>, <c>displayName</c>, <c>birthDate</c>, <c>gender</c>, <c>locale</c>, <c>customAttributes</c>, <c>statusReason</c>.</param>
/// <param name="Purpose">A use that the policy's category declares, e.g. <c>user-administration</c>.</param>
/// <param name="Reason">3 to 500 characters, e.g. a ticket number.</param>
internal sealed record RevealUserRequest(string Field, string Purpose, string Reason);

/// <summary>A revealed value; on record before it was opened.</summary>
internal sealed record RevealedAnswer(string Field, string Value);

/// <summary>A deletion that has been asked for.</summary>
internal sealed record DeletionAnswer(Guid Id, string State, DateTimeOffset RequestedAt, DateTimeOffset ExecuteAfter, DateTimeOffset DueAt);
