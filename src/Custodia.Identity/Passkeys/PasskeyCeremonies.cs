using Custodia.Identity.Directories;
using Custodia.Identity.Sessions;
using Custodia.Identity.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Passkeys;

/// <summary>Makes and uses passkeys with the framework's WebAuthn handler. The person is always verified by the device (PIN, finger, face).</summary>
internal sealed class PasskeyCeremonies(IPasskeyHandler<User> handler, PasskeyChallenges challenges, PasskeyStore store, IdentityContext database)
{
    /// <summary>What the browser needs to make a passkey for a person.</summary>
    public async Task<PasskeyQuestion> AskToMakeAsync(HttpContext http, Directory directory, User user, string shownName, CancellationToken cancellation)
    {
        var entity = new PasskeyUserEntity { Id = user.Id.ToString("N"), Name = shownName, DisplayName = shownName };
        var made = await handler.MakeCreationOptionsAsync(entity, http);
        return new PasskeyQuestion(await challenges.AddAsync(directory, user, registers: true, made.AttestationState!, cancellation), made.CreationOptionsJson);
    }

    /// <summary>Checks what the authenticator made; null when anything is not as it must be. Nothing is stored yet.</summary>
    public async Task<UserPasskeyInfo?> MadeAsync(HttpContext http, Directory directory, User user, PasskeyAnswer answer, CancellationToken cancellation)
    {
        if (await challenges.TakeAsync(directory, user.Id, registers: true, answer.Reference, cancellation) is not { } state) return null;
        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = answer.Credential, AttestationState = state });
        return result.Succeeded && result.UserEntity.Id == user.Id.ToString("N") ? result.Passkey : null;
    }

    /// <summary>What the browser needs to use a passkey: one of a person's, or any where nobody has said who they are.</summary>
    public async Task<PasskeyQuestion> AskToUseAsync(HttpContext http, Directory directory, User? user, CancellationToken cancellation)
    {
        var made = await handler.MakeRequestOptionsAsync(user!, http);
        return new PasskeyQuestion(await challenges.AddAsync(directory, user, registers: false, made.AssertionState!, cancellation), made.RequestOptionsJson);
    }

    /// <summary>Checks what the authenticator signed and notes the use; null when anything is not as it must be.</summary>
    /// <param name="user">The person whose passkey was asked for; null for whoever it says.</param>
    public async Task<PasskeyProof?> UsedAsync(HttpContext http, Directory directory, User? user, PasskeyAnswer answer, CancellationToken cancellation)
    {
        if (await challenges.TakeAsync(directory, user?.Id, registers: false, answer.Reference, cancellation) is not { } state) return null;
        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = answer.Credential, AssertionState = state });
        if (!result.Succeeded || result.User.DirectoryId != directory.Id || (user is not null && result.User.Id != user.Id)) return null;
        var id = result.Passkey.CredentialId;
        var passkey = await database.Passkeys.AsNoTracking().FirstOrDefaultAsync(p => p.CredentialId == id && p.UserId == result.User.Id, cancellation);
        return passkey is not null && await store.UsedAsync(passkey, result.Passkey, cancellation)
            ? new PasskeyProof(result.User, passkey.BackupEligible ? Authentication.SyncedPasskey : Authentication.DevicePasskey)
            : null;
    }
}

/// <summary>What a browser asks an authenticator.</summary>
/// <param name="Reference">Comes back with the answer.</param>
/// <param name="Options">JSON of <c>PublicKeyCredentialCreationOptions</c> or <c>PublicKeyCredentialRequestOptions</c>.</param>
internal sealed record PasskeyQuestion(string Reference, string Options);

/// <param name="Credential">JSON of the <c>PublicKeyCredential</c>.</param>
internal sealed record PasskeyAnswer(string Reference, string Credential)
{
    private const int MaxCredential = 32_768;

    /// <summary>From the fields of a posted form.</summary>
    public static PasskeyAnswer From(Custodia.Console.FormState form) =>
        new(form["reference"], form.Exact("credential") is { Length: <= MaxCredential } credential ? credential : "");
}

/// <param name="User">Tracked by the context.</param>
/// <param name="Method">Name of <see cref="Authentication"/>.</param>
internal sealed record PasskeyProof(User User, string Method);
