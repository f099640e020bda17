using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Factors;
using Custodia.Identity.Passkeys;
using Custodia.Identity.Registration;
using Custodia.Identity.Sessions;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Streams;

namespace Custodia.Identity.Portal;

internal sealed record PortalForm(Directory Directory, FormState Form);

internal sealed record ProfileModel(Directory Directory, User User, Profile Profile, DeletionRequest? Deletion)
{
    /// <summary>Whether the person has shown to hold the number.</summary>
    public bool MobileVerified { get; init; }

    /// <summary>Custom attributes of the directory.</summary>
    public IReadOnlyList<AttributeDefinition> Attributes { get; init; } = [];
}

internal sealed record ProfileEditModel(Directory Directory, IReadOnlyList<UserField> Fields, FormState Form)
{
    /// <summary>Custom attributes that the person may change.</summary>
    public IReadOnlyList<AttributeDefinition> Attributes { get; init; } = [];
}

/// <param name="Ip">Opened for the person.</param>
/// <param name="Country">ISO 3166-1 code of the address; null when unknown.</param>
internal sealed record SessionRow(Session Session, string? Device, string? Ip, string? Country, bool IsThis);

/// <param name="Factors">Set up by the person.</param>
internal sealed record SecurityModel(Directory Directory, bool HasPassword, IReadOnlyList<SessionRow> Sessions, ShownFactors Factors, FormState Form);

/// <param name="Has">Which second factors there are.</param>
/// <param name="Sms">Whether the directory lets people in by SMS.</param>
/// <param name="Mobile">Whether the number in the profile is verified.</param>
internal sealed record ShownFactors(FactorSet Has, IReadOnlyList<PasskeyRow> Passkeys, bool Sms, bool Mobile);

/// <param name="Name">Opened for the person.</param>
internal sealed record PasskeyRow(Passkey Passkey, string? Name);

internal sealed record ActivityModel(Directory Directory, IReadOnlyList<StreamEntry> Entries, string? Older);

/// <param name="Code">The mailed code that confirms; null to confirm by password.</param>
internal sealed record DeleteModel(Directory Directory, bool HasPassword, bool HasEmail, Guid? Code, FormState Form);

internal sealed record DeletionModel(Directory Directory, DeletionRequest Request);
