using Custodia.Identity.Administration;
using Custodia.Identity.Sources.Providers;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Sources;

/// <summary>Makes, changes and removes sources. A provider is asked for its discovery document before it is stored.</summary>
internal sealed class SourceRegistry(IdentityContext database, DataVault vault, ProviderConfigurations providers, TimeProvider time)
{
    private const int MaxSources = 50;

    /// <summary>The sources of a directory by name; at most 50, which is all there may be.</summary>
    public Task<List<AuthenticationSource>> ListAsync(Directory directory, CancellationToken cancellation) =>
        database.AuthenticationSources.AsNoTracking().Where(s => s.DirectoryId == directory.Id).OrderBy(s => s.Name).Take(MaxSources).ToListAsync(cancellation);

    public Task<AuthenticationSource?> FindAsync(Directory directory, string name, CancellationToken cancellation) =>
        name.Length > AuthenticationSource.MaxName
            ? Task.FromResult<AuthenticationSource?>(null)
            : database.AuthenticationSources.AsNoTracking().SingleOrDefaultAsync(s => s.DirectoryId == directory.Id && s.Name == name, cancellation);

    public async Task<SourceOutcome> CreateAsync(Directory directory, NewSource wanted, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var source = new AuthenticationSource
        {
            Id = Guid.CreateVersion7(now),
            Account = directory.Account,
            DirectoryId = directory.Id,
            Name = wanted.Name,
            Kind = wanted.Kind,
            Title = "",
            ClientId = "",
            Enabled = true,
            SignUp = true,
            Scopes = wanted.Kind == SourceKind.OpenIdConnect ? "openid email profile" : "",
            CreatedAt = now,
            UpdatedAt = now,
        };
        var findings = new Findings();
        SourceRules.CheckName(findings, wanted.Name);
        if (await database.AuthenticationSources.CountAsync(s => s.DirectoryId == directory.Id, cancellation) >= MaxSources) findings.Add("name", "at-most-50");
        if (await ApplyAsync(directory, source, wanted, findings, cancellation) is { } refused) return refused;
        database.AuthenticationSources.Add(source);
        try
        {
            await database.SaveChangesAsync(cancellation);
            return new SourceOutcome.Done(source);
        }
        catch (DbUpdateException e) when (UniqueConflict.Caused(e))
        {
            database.ChangeTracker.Clear();
            return new SourceOutcome.Taken();
        }
    }

    public async Task<SourceOutcome> UpdateAsync(Directory directory, string name, SourceSettings wanted, CancellationToken cancellation)
    {
        if (await database.AuthenticationSources.SingleOrDefaultAsync(s => s.DirectoryId == directory.Id && s.Name == name, cancellation) is not { } source)
            return new SourceOutcome.NotFound();
        source.UpdatedAt = time.GetUtcNow();
        if (await ApplyAsync(directory, source, wanted, new Findings(), cancellation) is { } refused)
        {
            database.ChangeTracker.Clear();
            return refused;
        }

        await database.SaveChangesAsync(cancellation);
        return new SourceOutcome.Done(source);
    }

    /// <summary>Removes a source with the links to it: its people sign in another way from then on.</summary>
    public async Task<bool> RemoveAsync(AuthenticationSource source, string reason, CancellationToken cancellation)
    {
        var removed = await database.InTransactionAsync(
            async token =>
            {
                await database.LinkedIdentities.Where(i => i.SourceId == source.Id).ExecuteDeleteAsync(token);
                return await database.AuthenticationSources.Where(s => s.Id == source.Id).ExecuteDeleteAsync(token);
            },
            cancellation);
        await vault.DestroyAsync(source.OwnKey, reason, cancellation);
        return removed > 0;
    }

    /// <summary>The secret that the provider knows us by; null for a public client.</summary>
    public ValueTask<string?> SecretAsync(AuthenticationSource source, CancellationToken cancellation) =>
        source.ClientSecret is { } secret ? vault.OpenAsync(source.SecretPlace, secret, "external-sign-in", cancellation) : ValueTask.FromResult<string?>(null);

    private async Task<SourceOutcome?> ApplyAsync(
        Directory directory, AuthenticationSource source, SourceSettings wanted, Findings findings, CancellationToken cancellation)
    {
        wanted.ApplyTo(source);
        // Staff are made by staff.
        if (directory.IsStaff) source.SignUp = false;
        SourceRules.Check(findings, wanted, source);
        if (!findings.Any && wanted.Issuer is not null && source.Kind == SourceKind.OpenIdConnect
            && await providers.ReadAsync(source.Issuer, cancellation) is ProviderOutcome.Unusable unusable) findings.Add("issuer", unusable.Rule);
        if (findings.Any) return new SourceOutcome.Invalid(findings);
        if (wanted.ClientSecret is { } secret)
            source.ClientSecret = secret.Length == 0 ? null : await vault.SealAsync(source.SecretPlace, secret, cancellation);
        return null;
    }
}

internal abstract record SourceOutcome
{
    public sealed record Done(AuthenticationSource Source) : SourceOutcome;

    public sealed record Invalid(Findings Findings) : SourceOutcome;

    /// <summary>The directory has a source of this name.</summary>
    public sealed record Taken : SourceOutcome;

    public sealed record NotFound : SourceOutcome;
}
