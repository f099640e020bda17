using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Tickets.Content;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace Custodia.Tickets.Attachments;

/// <summary>Serves files by their signed address: to be saved, never to be shown inside our pages.</summary>
internal static class AttachmentEndpoints
{
    public static void MapAttachments(this IEndpointRouteBuilder routes) =>
        routes.MapGet(SignedLinks.Route, Download)
            .AllowAnyone("The address is signed, expires after five minutes, and is given only to those who may see the ticket.")
            .ExcludeFromDescription();

    private static async Task<IResult> Download(string token, HttpContext http, SignedLinks links, TicketsContext context, TicketContent content, AttachmentFiles files, CancellationToken cancellation)
    {
        if (links.Read(token) is not { } id) return Problem.NotFound("file");
        if (await context.Attachments.AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellation) is not { } attachment) return Problem.NotFound("file");
        var name = await content.ReadAsync(attachment.NamePlace, attachment.FileName, cancellation);
        if (name is null || !File.Exists(files.PathOf(attachment.StoredName))) return Problem.NotFound("file");
        return new Sent(attachment, name, files);
    }

    private sealed class Sent(Attachment attachment, string name, AttachmentFiles files) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(name);
            headers.ContentDisposition = disposition.ToString();
            headers.XContentTypeOptions = "nosniff";
            headers.CacheControl = "private, no-store";
            headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            httpContext.Response.ContentType = attachment.MediaType == "text/plain" ? "text/plain; charset=utf-8" : attachment.MediaType;
            httpContext.Response.ContentLength = attachment.Size;
            await files.CopyToAsync(attachment, httpContext.Response.Body, httpContext.RequestAborted);
        }
    }
}
