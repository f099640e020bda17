using Custodia.Identity.AgeGates;
using Custodia.Identity.Agreements;
using Custodia.Identity.Directories;
using Custodia.Identity.SignUp;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Registration;

/// <summary>What a directory asks of somebody who joins.</summary>
/// <param name="Fields">Profile fields in the order of the form.</param>
/// <param name="Attributes">Custom attributes that sign-up asks for.</param>
/// <param name="Gate">Null when no age is asked.</param>
/// <param name="Agreements">Versions in force.</param>
internal sealed record RegistrationForm(
    Directory Directory,
    IReadOnlyList<UserField> Fields,
    IReadOnlyList<AttributeDefinition> Attributes,
    AgeGate? Gate,
    IReadOnlyList<Agreement> Agreements)
{
    /// <summary>Fields that sign-up shows besides the mandatory ones unless the directory says otherwise.</summary>
    public const string AskedByDefault = "email user-name display-name";

    public bool Demands(UserField field) => Directory.Demands(field.Name) || (Gate is not null && field == UserField.BirthDate);
}

/// <summary>Finds what a directory asks.</summary>
internal sealed class RegistrationForms(IdentityContext database, AttributeRules attributes, AgreementStore agreements)
{
    public async Task<RegistrationForm> OfAsync(Directory directory, CancellationToken cancellation)
    {
        var asked = (await AskedAsync(directory.Id, cancellation)).Split(' ');
        var gate = await database.AgeGates.AsNoTracking().FirstOrDefaultAsync(g => g.DirectoryId == directory.Id && g.Enabled, cancellation);
        return new RegistrationForm(
            directory,
            [.. SignUpForm.Fields.Where(f => asked.Contains(f.Name, StringComparer.Ordinal) || directory.Demands(f.Name) || (gate is not null && f == UserField.BirthDate))],
            [.. (await attributes.OfAsync(directory.Id, cancellation)).Where(a => a.AskedAtSignUp)],
            gate,
            await agreements.InForceAsync(directory.Id, cancellation));
    }

    /// <summary>Policy names separated by blanks.</summary>
    public async Task<string> AskedAsync(Guid directory, CancellationToken cancellation) =>
        await database.RegistrationSettings.Where(s => s.DirectoryId == directory).Select(s => s.AskedFields).FirstOrDefaultAsync(cancellation)
        ?? RegistrationForm.AskedByDefault;
}
