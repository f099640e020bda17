using Microsoft.EntityFrameworkCore;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Templates;

/// <summary>Changes what a directory says in its messages.</summary>
internal sealed class TemplateChanges(IdentityContext database, MessageTemplates templates, TimeProvider time)
{
    /// <summary>More than any directory writes; keeps what a process holds in memory small.</summary>
    private const int MostOfDirectory = 400;

    /// <summary>Stores a template that has been checked.</summary>
    /// <returns>False when the directory has too many.</returns>
    public async Task<bool> PutAsync(Directory directory, MessageKind kind, string language, TemplateDraft draft, CancellationToken cancellation)
    {
        var stored = await database.AloneAsync(Turn(directory), token => StoreAsync(directory, kind, language, draft, token), cancellation);
        templates.Forget(directory.Id);
        return stored;
    }

    /// <returns>False when there is none; then the built-in text stays.</returns>
    public async Task<bool> DeleteAsync(Directory directory, MessageKind kind, string language, CancellationToken cancellation)
    {
        var deleted = await database.InTransactionAsync(
            token => database.MessageTemplates.Where(t => t.DirectoryId == directory.Id && t.Message == kind.Id && t.Language == language).ExecuteDeleteAsync(token),
            cancellation);
        templates.Forget(directory.Id);
        return deleted == 1;
    }

    /// <param name="language">A language tag; null for none.</param>
    public async Task SetDefaultAsync(Directory directory, string? language, CancellationToken cancellation)
    {
        await database.AloneAsync(
            Turn(directory),
            async token =>
            {
                await database.TemplateSettings.Where(s => s.DirectoryId == directory.Id).ExecuteDeleteAsync(token);
                if (language is null) return 0;
                database.TemplateSettings.Add(new TemplateSettings { Account = directory.Account, DirectoryId = directory.Id, DefaultLanguage = language, UpdatedAt = time.GetUtcNow() });
                return await database.SaveChangesAsync(token);
            },
            cancellation);
        templates.Forget(directory.Id);
    }

    private static string Turn(Directory directory) => $"templates/{directory.Id:N}";

    private async Task<bool> StoreAsync(Directory directory, MessageKind kind, string language, TemplateDraft draft, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var same = database.MessageTemplates.Where(t => t.DirectoryId == directory.Id && t.Message == kind.Id && t.Language == language);
        var changed = await same.ExecuteUpdateAsync(
            t => t.SetProperty(x => x.Subject, draft.Subject).SetProperty(x => x.Text, draft.Text).SetProperty(x => x.Html, draft.Html).SetProperty(x => x.UpdatedAt, now), cancellation);
        if (changed == 1) return true;
        if (await database.MessageTemplates.CountAsync(t => t.DirectoryId == directory.Id, cancellation) >= MostOfDirectory) return false;
        database.MessageTemplates.Add(new MessageTemplate
        {
            Account = directory.Account,
            DirectoryId = directory.Id,
            Message = kind.Id,
            Language = language,
            Subject = draft.Subject,
            Text = draft.Text,
            Html = draft.Html,
            UpdatedAt = now,
        });
        await database.SaveChangesAsync(cancellation);
        return true;
    }
}
