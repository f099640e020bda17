using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Templates;

/// <summary>What an address below <c>…/templates/{id}/{language}</c> names.</summary>
internal readonly record struct TemplateRoute(
    [FromRoute] string Name, [FromRoute] string Id, [FromRoute] string Language, [FromServices] UserQueries Queries, [FromServices] MessageTemplates Templates)
{
    public async Task<(TemplateTarget? Target, IResult Refusal)> FindAsync(HttpContext http, CancellationToken cancellation)
    {
        if (await Queries.DirectoryAsync(http.Caller().Account, Name, cancellation) is not { } directory) return (null, Problem.NotFound("directory"));
        if (MessageCatalogue.Find(Id) is not { } kind || !kind.IsFor(directory)) return (null, Problem.NotFound("message"));
        if (!LanguageTag.TryRead(Language, out var tag)) return (null, Problem.Invalid(("language", "language-tag")));
        var own = await Templates.OfAsync(directory.Id, cancellation);
        return (new TemplateTarget(directory, kind, tag, own), Results.Empty);
    }
}

/// <summary>One message of a directory in one language.</summary>
internal sealed record TemplateTarget(Directory Directory, MessageKind Kind, string Language, DirectoryTemplates Templates)
{
    /// <summary>What people get who read the language.</summary>
    public ReadTemplate InForce => Templates.Pick(Kind, [Language]);

    public bool IsOwn => Templates.Find(Kind, Language) is not null;

    /// <summary>The template in force with what a request puts in its place, as if it were stored in this language.</summary>
    public ReadTemplate With(TemplateRequest request)
    {
        var now = InForce.Draft;
        var draft = request.ToDraft();
        return new ReadTemplate(Kind, Language, new TemplateDraft(
            request.Subject is null ? now.Subject : draft.Subject,
            request.Text is null ? now.Text : draft.Text,
            request.Html is null ? now.Html : draft.Html));
    }
}
