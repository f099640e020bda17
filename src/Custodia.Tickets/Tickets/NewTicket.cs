using System.Text.RegularExpressions;
using Custodia.Tickets.Attachments;
using Custodia.Tickets.Content;

namespace Custodia.Tickets.Tickets;

/// <summary>What somebody wants to open.</summary>
/// <param name="Person">Whose ticket it will be; null for nobody's.</param>
/// <param name="Directory">The person's directory; empty for nobody's.</param>
internal sealed partial record NewTicket(Guid? Person, string Directory, string ProductCategory, string ProblemType, string Severity, string Title, string Description)
{
    /// <summary>Made beforehand, so that files that come first can be sealed for it.</summary>
    public Guid Id { get; init; }

    public Guid ContentKey { get; init; }

    /// <summary>Default: the server's region.</summary>
    public string? Region { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>The writer has seen what is likely and wants it stored.</summary>
    public bool Confirmed { get; init; }

    public string? Confidential { get; init; }

    public bool UseRegisteredContact { get; init; }

    public IReadOnlyList<StagedFile> Files { get; init; } = [];

    public IReadOnlyList<(string Field, string Rule)> Findings()
    {
        var findings = new List<(string, string)>();
        if (!Slug().IsMatch(ProductCategory)) findings.Add(("productCategory", "must be 1 to 40 characters of a-z, 0-9 and hyphens"));
        if (!Slug().IsMatch(ProblemType)) findings.Add(("problemType", "must be 1 to 40 characters of a-z, 0-9 and hyphens"));
        if (!TicketProblems.TryWord<Severity>(Severity, out _)) findings.Add(("severity", "must be low, normal, high or critical"));
        if (Region is not null && !Slug().IsMatch(Region)) findings.Add(("region", "must be 1 to 40 characters of a-z, 0-9 and hyphens"));
        if (Title.Length is < 3 or > FreeText.TitleLength) findings.Add(("title", $"must be 3 to {FreeText.TitleLength} characters"));
        if (Description.Length is < 1 or > FreeText.BodyLength) findings.Add(("description", $"must be 1 to {FreeText.BodyLength} characters"));
        if (IdempotencyKey is { Length: < 8 or > 128 }) findings.Add(("Idempotency-Key", "must be 8 to 128 characters"));
        if (Confidential is { Length: > Custodia.Tickets.Confidential.ConfidentialNote.MostCharacters }) findings.Add(("confidential", $"must be at most {Custodia.Tickets.Confidential.ConfidentialNote.MostCharacters} characters"));
        if (Files.Count > AttachmentFiles.MostFiles) findings.Add(("files", $"at most {AttachmentFiles.MostFiles} files"));
        return findings;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Slug();
}
