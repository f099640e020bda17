using Custodia.Identity.Administration;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Branding;

/// <summary>Changes the look of a directory.</summary>
internal sealed class BrandingChanges(IdentityContext database, Brandings brandings, TimeProvider time)
{
    public async Task<BrandingOutcome> ApplyAsync(Directory directory, BrandingSettings settings, CancellationToken cancellation)
    {
        var findings = BrandingRules.Check(settings);
        if (findings.Any) return new BrandingOutcome.Invalid(findings);
        try
        {
            var branding = await database.AloneAsync($"branding/{directory.Id:N}", token => StoreAsync(directory, settings, token), cancellation);
            brandings.Forget(directory.Id);
            return new BrandingOutcome.Done(branding);
        }
        catch (DbUpdateException e) when (UniqueConflict.Caused(e))
        {
            database.ChangeTracker.Clear();
            return new BrandingOutcome.Invalid(new Findings().Add("customDomain", "taken"));
        }
    }

    private async Task<DirectoryBranding> StoreAsync(Directory directory, BrandingSettings settings, CancellationToken cancellation)
    {
        var branding = await database.Brandings.SingleOrDefaultAsync(b => b.DirectoryId == directory.Id, cancellation);
        if (branding is null) database.Brandings.Add(branding = new DirectoryBranding { Account = directory.Account, DirectoryId = directory.Id });
        settings.ApplyTo(branding);
        branding.UpdatedAt = time.GetUtcNow();
        await database.SaveChangesAsync(cancellation);
        return branding;
    }
}

internal abstract record BrandingOutcome
{
    public sealed record Done(DirectoryBranding Branding) : BrandingOutcome;

    public sealed record Invalid(Findings Findings) : BrandingOutcome;
}
