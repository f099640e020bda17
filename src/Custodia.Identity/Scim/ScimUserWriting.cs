using Custodia.Identity.Directories;
using Custodia.Identity.Passwords;
using Custodia.Identity.Registration;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Scim;

/// <summary>Stores what a provisioning client says of users: by the rules of the profile, all of a request or nothing.</summary>
internal sealed class ScimUserWriting(UserRegistration registration, UserPasswords passwords, ScimUserChange change, ScimUserDeletion deletion)
{
    public async Task<Guid> CreateAsync(Directory directory, ScimUserState state, CancellationToken cancellation)
    {
        var profile = state.ToProfile(new Profile());
        var password = await change.CheckAsync(directory, new Profile(), profile, state.Password, cancellation);
        var wanted = new NewUser(directory, profile, EmailVerified: false, ByThemselves: false)
        {
            Credentials = password is null ? null : (user, token) => passwords.SetAsync(user, password, token),
        };
        var outcome = await AddAsync(wanted, state, cancellation);
        if (outcome is RegistrationOutcome.Taken)
        {
            // Tried again in any case: whoever had the name may have been erased meanwhile.
            await deletion.ReleaseAsync(directory, profile, cancellation);
            outcome = await AddAsync(wanted, state, cancellation);
        }

        return outcome is RegistrationOutcome.Created created ? created.User.Id : throw ScimFault.Uniqueness("Somebody of the directory has this userName or email already.");
    }

    public Task ReplaceAsync(Directory directory, Guid id, Profile before, ScimUserState state, CancellationToken cancellation) =>
        change.ApplyAsync(directory, id, before, state, cancellation);

    private Task<RegistrationOutcome> AddAsync(NewUser wanted, ScimUserState state, CancellationToken cancellation) => registration.CreateAsync(
        wanted,
        async (user, token) =>
        {
            if (!state.Active) user.Status = UserStatus.Locked;
            await change.NameAsync(user, state.ExternalId, token);
        },
        cancellation);
}

/// <summary>Changes one user.</summary>
internal sealed class ScimUserChange(IdentityContext database, ProfileChanges changes, UserAccess access, ScimUserValues values, ScimExternalIds externalIds)
{
    public Task<PlainPassword?> CheckAsync(Directory directory, Profile before, Profile profile, string? password, CancellationToken cancellation) =>
        values.CheckAsync(directory, before, profile, password, cancellation);

    public Task NameAsync(User user, string? externalId, CancellationToken cancellation) => externalIds.SetAsync(user, externalId, cancellation);

    public async Task ApplyAsync(Directory directory, Guid id, Profile before, ScimUserState state, CancellationToken cancellation)
    {
        var profile = state.ToProfile(before);
        var password = await CheckAsync(directory, before, profile, state.Password, cancellation);
        var changed = UserField.All.Where(f => f.Of(before) != f.Of(profile)).ToDictionary(f => f, f => f.Of(profile));
        await database.InTransactionAsync(
            async token =>
            {
                // Thrown out of the transaction, so that nothing of the request is stored.
                if (changed.Count > 0 && await changes.ApplyAsync(directory, id, changed, null, token) is not ProfileChangeOutcome.Changed) throw ScimFault.Uniqueness("Somebody of the directory has this userName or email already.");
                var user = await database.Users.SingleAsync(u => u.Id == id, token);
                if (password is not null) await values.SetAsync(user, password, token);
                await NameAsync(user, state.ExternalId, token);
                await database.SaveChangesAsync(token);
                var status = state.Active ? UserStatus.Normal : UserStatus.Locked;
                // A freeze is not the client's to lift or to turn into a lock; its answer says active: false.
                if (status != user.Status && user.Status != UserStatus.Frozen) await access.SetStatusAsync(user, status, state.Active ? null : "Deactivated by the provisioning client.", token);
            },
            cancellation);
    }
}

/// <summary>What a client may say of a user.</summary>
internal sealed class ScimUserValues(AttributeRules attributes, UserPasswords passwords, TimeProvider time)
{
    /// <summary>Checks profile and password.</summary>
    /// <param name="before">What is stored; a custom attribute that stays as it is may be older than its definition.</param>
    /// <exception cref="ScimFault">Names everything that is wrong.</exception>
    public async Task<PlainPassword?> CheckAsync(Directory directory, Profile before, Profile profile, string? password, CancellationToken cancellation)
    {
        List<string> wrong = [.. ProfileRules.Check(profile, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)).Select(f => $"{Administration.Findings.ApiName(f.Field)}: {f.Rule}")];
        wrong.AddRange(await AttributesAsync(directory, before, profile, cancellation));
        var plain = password is null ? null : PlainPassword.From(password);
        if (plain is not null) wrong.AddRange(PasswordPolicy.Check(plain, profile.UserName, profile.Email, profile.DisplayName).Select(rule => $"password: {rule}"));
        else if (password is not null) wrong.Add("password: too-long");
        return wrong.Count == 0 ? plain : throw ScimFault.InvalidValue(string.Join("; ", wrong));
    }

    public Task SetAsync(User user, PlainPassword password, CancellationToken cancellation) => passwords.SetAsync(user, password, cancellation);

    /// <summary>The custom attributes that the client changes: parts of the name, as far as the directory defines them.</summary>
    private async Task<IEnumerable<string>> AttributesAsync(Directory directory, Profile before, Profile profile, CancellationToken cancellation)
    {
        if (profile.CustomAttributes is not { } json || json == before.CustomAttributes || !CustomAttributes.IsValid(json)) return [];
        var stored = CustomAttributes.Read(before.CustomAttributes);
        var changed = CustomAttributes.Read(json).Where(a => stored.GetValueOrDefault(a.Key) != a.Value).ToDictionary(StringComparer.Ordinal);
        var definitions = (await attributes.OfAsync(directory.Id, cancellation)).FindAll(d => changed.ContainsKey(d.Name));
        return definitions
            .Select(d => (Path: ScimUserState.PathOf(d.Name), Rule: AttributeRules.RuleBrokenBy(d, changed[d.Name])))
            .Where(f => f.Rule is not null)
            .Select(f => $"{f.Path}: {f.Rule}");
    }
}

/// <summary>Keeps what the client calls a user, sealed and indexed.</summary>
internal sealed class ScimExternalIds(IdentityContext database, DataVault vault, TimeProvider time)
{
    public async Task SetAsync(User user, string? externalId, CancellationToken cancellation)
    {
        if (externalId?.Length > ProvisionedUser.MaxExternalId) throw ScimFault.InvalidValue($"externalId: at most {ProvisionedUser.MaxExternalId} characters");
        var row = await database.Set<ProvisionedUser>().SingleOrDefaultAsync(p => p.UserId == user.Id, cancellation);
        if (row is null && string.IsNullOrEmpty(externalId)) return;
        if (row is null)
        {
            row = new ProvisionedUser { UserId = user.Id, Account = user.Account, DirectoryId = user.DirectoryId };
            database.Add(row);
        }

        var isSet = !string.IsNullOrEmpty(externalId);
        var index = isSet ? await vault.IndexAsync(user.Account, ProvisionedUser.Category, "external-id", externalId!, cancellation) : null;
        if (index is null ? row.ExternalIdIndex is null : row.ExternalIdIndex?.AsSpan().SequenceEqual(index) == true) return;
        // The name that the client gives is a part of what it sees, so the resource has another version.
        user.UpdatedAt = time.GetUtcNow();
        row.ExternalId = isSet ? await vault.SealAsync(row.ExternalIdPlace, externalId!, cancellation) : null;
        row.ExternalIdIndex = index;
        await database.SaveChangesAsync(cancellation);
    }

    public async Task<IReadOnlyDictionary<Guid, string>> OfAsync(IReadOnlyCollection<Guid> users, CancellationToken cancellation)
    {
        var found = new Dictionary<Guid, string>();
        foreach (var row in await database.Set<ProvisionedUser>().AsNoTracking().Where(p => users.Contains(p.UserId) && p.ExternalId != null).ToListAsync(cancellation))
        {
            if (await vault.OpenAsync(row.ExternalIdPlace, row.ExternalId!, ProvisionedUser.UseProvisioning, cancellation) is { } value) found[row.UserId] = value;
        }

        return found;
    }
}
