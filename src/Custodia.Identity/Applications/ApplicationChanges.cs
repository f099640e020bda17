using Custodia.Identity.Protocol;
using Custodia.Kernel.Access;

namespace Custodia.Identity.Applications;

/// <summary>How a change of an application by staff ends.</summary>
internal abstract record ApplicationOutcome
{
    /// <param name="Secret">Shown once; null for public clients.</param>
    public sealed record Created(Guid Id, string? Secret) : ApplicationOutcome;

    public sealed record Done : ApplicationOutcome;

    public sealed record NotFound : ApplicationOutcome;

    /// <summary>Public clients and those with keys have no secret to change.</summary>
    public sealed record NoSecret : ApplicationOutcome;

    public sealed record Invalid(IReadOnlyList<(string Field, string Rule)> Findings) : ApplicationOutcome;
}

/// <summary>Changes of applications on behalf of somebody, within their account and their own permissions.</summary>
internal sealed class ApplicationChanges(ApplicationQueries queries, ApplicationRegistry registry, PermissionCatalogue permissions, Issuers issuers)
{
    public async Task<ApplicationOutcome> CreateAsync(
        Caller caller, string directory, ApplicationKind kind, ApplicationSettings wanted, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(caller.Account, directory, cancellation) is not { } home)
            return new ApplicationOutcome.Invalid([("directory", "a directory of the account")]);
        var settings = wanted.Over(ApplicationSettings.Defaults(kind));
        var findings = Check(kind, settings, home.IsStaff, caller);
        if (findings.Count > 0) return new ApplicationOutcome.Invalid(findings);
        var (application, secret) = await registry.CreateAsync(home.Id, caller.Account, kind, settings, caller.SubAccountUin, cancellation);
        return new ApplicationOutcome.Created(application.Id, secret);
    }

    public async Task<ApplicationOutcome> UpdateAsync(Caller caller, Guid id, ApplicationSettings wanted, CancellationToken cancellation)
    {
        if (await queries.LoadAsync(caller.Account, id, cancellation) is not var (application, home)) return new ApplicationOutcome.NotFound();
        if (!MayTouch(caller, application)) return Forbidden();
        var settings = wanted.Over(ApplicationSettings.Of(application));
        var findings = Check(application.Kind, settings, home.IsStaff, caller);
        if (findings.Count > 0) return new ApplicationOutcome.Invalid(findings);
        await registry.UpdateAsync(application, settings, cancellation);
        return new ApplicationOutcome.Done();
    }

    public async Task<ApplicationOutcome> RotateSecretAsync(Caller caller, Guid id, TimeSpan overlap, CancellationToken cancellation)
    {
        if (await queries.LoadAsync(caller.Account, id, cancellation) is not var (application, _)) return new ApplicationOutcome.NotFound();
        if (!MayTouch(caller, application)) return Forbidden();
        if (!application.HasSecret) return new ApplicationOutcome.NoSecret();
        return new ApplicationOutcome.Created(id, await registry.RotateSecretAsync(application, overlap, cancellation));
    }

    public async Task<ApplicationOutcome> DeleteAsync(Caller caller, Guid id, CancellationToken cancellation)
    {
        if (await queries.LoadAsync(caller.Account, id, cancellation) is not var (application, _)) return new ApplicationOutcome.NotFound();
        if (!MayTouch(caller, application)) return Forbidden();
        await registry.DeleteAsync(application, cancellation);
        return new ApplicationOutcome.Done();
    }

    private List<(string Field, string Rule)> Check(ApplicationKind kind, ApplicationSettings settings, bool staffDirectory, Caller caller)
    {
        var findings = ApplicationRules.Check(kind, settings, staffDirectory, permissions.All, caller.Can);
        // A token for the API is given for permissions, never for an address that somebody wrote down.
        if (settings.Resources?.Any(issuers.IsOurs) == true) findings.Add(("resources", "no address of this server: its own tokens name it"));
        return findings;
    }

    // Whoever gets a secret of an application, or its redirects, gets its permissions.
    private static bool MayTouch(Caller caller, Application application) =>
        Scopes.Split(application.Permissions).All(caller.Can);

    private static ApplicationOutcome.Invalid Forbidden() => new([("permissions", "the application may do more than you")]);
}
