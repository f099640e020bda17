using Custodia.Identity.Administration;
using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Agreements;

/// <summary>A new version of an agreement.</summary>
/// <param name="Name">Which agreement, e.g. <c>terms</c>: <c>[a-z][a-z0-9-]{0,39}</c>.</param>
/// <param name="Version">1 to 20 characters, e.g. <c>2026-03</c>; not used before for this agreement.</param>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="TitleZh">The same in Chinese.</param>
/// <param name="Text">Plain text of up to 100,000 characters; either this or <paramref name="Link"/>.</param>
/// <param name="TextZh">The same in Chinese; left out: the other text is shown.</param>
/// <param name="Link">https address where the text is.</param>
/// <param name="Mandatory">Nobody joins or goes on without it.</param>
/// <param name="ValidFrom">From when it is asked for; left out: at once.</param>
internal sealed record NewAgreementRequest(
    string Name,
    string Version,
    string Title,
    string TitleZh,
    string? Text = null,
    string? TextZh = null,
    string? Link = null,
    bool Mandatory = true,
    DateTimeOffset? ValidFrom = null)
{
    public Findings Check(DateTimeOffset now)
    {
        var findings = new Findings();
        if (!IsName(Name)) findings.Add("name", "agreement-name");
        findings.CheckLine("version", Version, Agreement.MaxVersion, "length-1-20")
            .CheckLine("title", Title, Agreement.MaxTitle, "length-1-200")
            .CheckLine("titleZh", TitleZh, Agreement.MaxTitle, "length-1-200");
        if (string.IsNullOrWhiteSpace(Text) == string.IsNullOrWhiteSpace(Link)) findings.Add("text", "text-or-link");
        if (Text is { Length: > Agreement.MaxText }) findings.Add("text", "too-long");
        if (TextZh is { Length: > Agreement.MaxText }) findings.Add("textZh", "too-long");
        if (!string.IsNullOrWhiteSpace(TextZh) && string.IsNullOrWhiteSpace(Text)) findings.Add("textZh", "text-or-link");
        if (!string.IsNullOrWhiteSpace(Link) && !IsLink(Link)) findings.Add("link", "https-address");
        if (ValidFrom > now.AddYears(5)) findings.Add("validFrom", "within-5-years");
        return findings;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= Agreement.MaxName && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static bool IsLink(string link) =>
        link.Length <= Agreement.MaxLink && Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.UserInfo.Length == 0;
}

/// <summary>Makes, retires and deletes versions of agreements; requests have been checked.</summary>
internal sealed class AgreementChanges(IdentityContext database, TimeProvider time)
{
    /// <summary>The new version; null when this agreement has one of this name already.</summary>
    public async Task<Agreement?> AddAsync(Directory directory, NewAgreementRequest request, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (text, textZh, link) = (Empty(request.Text), Empty(request.TextZh), Empty(request.Link)?.Trim());
        var agreement = new Agreement
        {
            Id = Guid.CreateVersion7(now),
            Account = directory.Account,
            DirectoryId = directory.Id,
            Name = request.Name,
            Version = request.Version.Trim(),
            Title = request.Title.Trim(),
            TitleZh = request.TitleZh.Trim(),
            Text = text,
            TextZh = textZh,
            Link = link,
            Mandatory = request.Mandatory,
            ValidFrom = request.ValidFrom is { } from && from > now ? from : now,
            TextHash = Agreement.HashOf(request.Name, request.Version.Trim(), request.Title.Trim(), request.TitleZh.Trim(), text, textZh, link),
            CreatedAt = now,
        };
        database.Agreements.Add(agreement);
        try
        {
            await database.SaveChangesAsync(cancellation);
            return agreement;
        }
        catch (DbUpdateException e) when (UniqueConflict.Caused(e))
        {
            database.ChangeTracker.Clear();
            return null;
        }
    }

    /// <summary>From now on it is not asked for: neither this version nor older ones of the same agreement. False when there is none.</summary>
    public Task<bool> RetireAsync(Guid directory, Guid id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return database.InTransactionAsync(
            async token => await database.Agreements.Where(a => a.Id == id && a.DirectoryId == directory)
                .ExecuteUpdateAsync(a => a.SetProperty(x => x.RetiredAt, x => x.RetiredAt ?? now), token) > 0,
            cancellation);
    }

    /// <summary>Deletes a version that nobody has accepted, in one statement with that condition.</summary>
    public Task<bool> DeleteAsync(Guid directory, Guid id, CancellationToken cancellation) =>
        database.InTransactionAsync(
            async token => await database.Agreements
                .Where(a => a.Id == id && a.DirectoryId == directory && !database.Acceptances.Any(c => c.AgreementId == a.Id))
                .ExecuteDeleteAsync(token) > 0,
            cancellation);

    private static string? Empty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.ReplaceLineEndings("\n");
}
