using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Templates;

/// <summary>What a directory says in one message and one language in place of the built-in text.</summary>
[Category(Category)]
internal sealed class MessageTemplate
{
    public const string Category = "identity.message-template";
    public const int MaxSubject = 150;
    public const int MaxText = 8_000;
    public const int MaxHtml = 40_000;

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    /// <summary>See <see cref="MessageKind.Id"/>.</summary>
    public required string Message { get; init; }

    /// <summary>See <see cref="LanguageTag"/>.</summary>
    public required string Language { get; init; }

    /// <summary>Null for SMS.</summary>
    public string? Subject { get; set; }

    public required string Text { get; set; }

    /// <summary>A fragment that <see cref="HtmlRules"/> let pass; null for text alone.</summary>
    public string? Html { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var template = model.Entity<MessageTemplate>();
        template.ToTable("message_templates");
        template.HasKey(t => new { t.DirectoryId, t.Message, t.Language });
        template.Property(t => t.Message).HasMaxLength(40);
        template.Property(t => t.Language).HasMaxLength(LanguageTag.MaxLength);
        template.Property(t => t.Subject).HasMaxLength(MessageTemplate.MaxSubject);
        template.HasIndex(t => t.Account);
    }
}

/// <summary>The language of people whose own a directory has no template in. A directory without a row has none.</summary>
[Category(MessageTemplate.Category)]
internal sealed class TemplateSettings
{
    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public Guid DirectoryId { get; init; }

    public required string DefaultLanguage { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var settings = model.Entity<TemplateSettings>();
        settings.ToTable("template_settings");
        settings.HasKey(s => s.DirectoryId);
        settings.Property(s => s.DefaultLanguage).HasMaxLength(LanguageTag.MaxLength);
        settings.HasIndex(s => s.Account);
    }
}
