using System.Text;
using Custodia.Identity.Administration;
using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Jobs.Exports;

/// <summary>Reads users and opens what the plan wants of them: by the policy's whitelist, each value on the record before it is opened.</summary>
internal sealed class ExportPages(IdentityContext database, UserProfiles profiles, DataVault vault, JobCallers callers)
{
    private const int PageSize = 200;

    /// <returns>Null when there are no more users.</returns>
    public async Task<ExportPage?> NextAsync(Job job, Directory directory, ExportPlan plan, CancellationToken cancellation)
    {
        var users = plan.Users.Of(database, directory.Id).AsNoTracking();
        if (job.After is { } after) users = users.Where(u => u.Id > after);
        var page = await users.OrderBy(u => u.Id).Take(PageSize).ToListAsync(cancellation);
        if (page.Count == 0) return null;
        var owner = plan.Revealed ? await callers.OpenAsync(job, cancellation) : null;
        // Side by side: their records become durable together.
        var rows = await Task.WhenAll(page.Select(u => RowAsync(job, plan, u, owner, cancellation)));
        var text = new StringBuilder();
        foreach (var row in rows) ExportText.Write(text, job.Format, plan, row);
        return new ExportPage(Encoding.UTF8.GetBytes(text.ToString()), page.Count, page[^1].Id);
    }

    private async Task<ExportRow> RowAsync(Job job, ExportPlan plan, User user, JobOwner? owner, CancellationToken cancellation)
    {
        var values = new string?[plan.Fields.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var field = UserField.Named(plan.Fields[i])!;
            values[i] = plan.Revealed ? await RevealAsync(job, plan, user, field, owner, cancellation) : await profiles.MaskAsync(user, field, cancellation);
        }

        return new ExportRow(user.Id, UserQueries.StatusName(user.Status), user.EmailVerified, user.CreatedAt, user.LastSignInAt, values);
    }

    private async Task<string?> RevealAsync(Job job, ExportPlan plan, User user, UserField field, JobOwner? owner, CancellationToken cancellation)
    {
        if (field.Get(user) is not { } value || owner is null) return null;
        var request = new RevealRequest(user.At(field.Name), user.Id, owner.Caller, owner.Facts, plan.Purpose, owner.Reason, $"job/{job.Id:N}");
        return await vault.RevealAsync(request, value, cancellation) is RevealOutcome<string>.Revealed revealed ? revealed.Value : null;
    }
}

internal sealed record ExportRow(Guid Id, string Status, bool EmailVerified, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt, IReadOnlyList<string?> Values)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => $"(row {Id})";
}
