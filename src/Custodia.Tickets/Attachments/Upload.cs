using System.Text;
using Custodia.Console;
using Custodia.Tickets.Content;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Custodia.Tickets.Attachments;

/// <summary>A posted form with files, read as a stream: fields in memory, files straight to where they may stay.</summary>
internal sealed class Upload : IDisposable
{
    public const long MostBytes = ((long)AttachmentFiles.MostFiles * AttachmentFiles.MostBytes) + (1024 * 1024);
    private const int MostFieldBytes = 128 * 1024;
    private const int MostFields = 40;

    private readonly Dictionary<string, StringValues> _fields = new(StringComparer.Ordinal);
    private readonly List<StagedFile> _files = [];
    private readonly List<(string Field, string Rule)> _findings = [];

    public IFormCollection Fields => new FormCollection(_fields);

    public IReadOnlyList<StagedFile> Files => _files;

    /// <summary>What is wrong with the files; then none of them may be kept.</summary>
    public IReadOnlyList<(string Field, string Rule)> Findings => _findings;

    public static bool IsMultipart(HttpContext http) =>
        MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the whole request. Whatever goes wrong, files that came in are deleted.</summary>
    /// <param name="antiforgery">For pages: the form's token, which is its first field, is checked before anything is read on.</param>
    /// <exception cref="BadHttpRequestException">The body is not such a form, is cut off, or its token does not fit (400); it is too large (413).</exception>
    public static async Task<Upload> ReadAsync(HttpContext http, AttachmentFiles files, Func<Guid, ContentPlace> placeOf, IAntiforgery? antiforgery, CancellationToken cancellation)
    {
        var upload = new Upload();
        var read = false;
        try
        {
            await upload.ReadPartsAsync(http, files, placeOf, antiforgery, cancellation);
            read = true;
            return upload;
        }
        catch (UploadTooLargeException e)
        {
            throw new BadHttpRequestException("A file is too large.", StatusCodes.Status413PayloadTooLarge, e);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The form is cut off or not valid.", StatusCodes.Status400BadRequest, e);
        }
        finally
        {
            if (!read) upload.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
        _files.Clear();
    }

    private async Task ReadPartsAsync(HttpContext http, AttachmentFiles files, Func<Guid, ContentPlace> placeOf, IAntiforgery? antiforgery, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 70 } boundary)
            throw new BadHttpRequestException("A multipart form is expected.", StatusCodes.Status415UnsupportedMediaType);
        var reader = new MultipartReader(boundary, http.Request.Body);
        var first = true;
        while (await reader.ReadNextSectionAsync(cancellation) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || disposition.Name.Value is null)
                throw new InvalidDataException("A part has no name.");
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (disposition.IsFileDisposition()) await ReadFileAsync(name, disposition, section, files, placeOf, cancellation);
            else await ReadFieldAsync(name, section, cancellation);
            if (first && antiforgery is not null) await CheckTokenAsync(http, antiforgery);
            first = false;
        }

        if (first && antiforgery is not null) await CheckTokenAsync(http, antiforgery);
    }

    private async Task ReadFieldAsync(string name, MultipartSection section, CancellationToken cancellation)
    {
        if (_fields.Count >= MostFields) throw new InvalidDataException("Too many fields.");
        using var reader = new ForwardReader(section.Body, MostFieldBytes);
        using var bytes = new MemoryStream();
        await reader.CopyRestAsync(bytes, cancellation);
        _fields[name] = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private async Task ReadFileAsync(string name, ContentDispositionHeaderValue disposition, MultipartSection section, AttachmentFiles files, Func<Guid, ContentPlace> placeOf, CancellationToken cancellation)
    {
        var fileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        // Browsers send an empty part where no file was chosen.
        if (fileName.Length == 0) return;
        if (_files.Count >= AttachmentFiles.MostFiles)
        {
            _findings.Add((name, $"at most {AttachmentFiles.MostFiles} files"));
            return;
        }

        switch (await files.StageAsync(placeOf(Guid.CreateVersion7()), fileName, section.Body, cancellation))
        {
            case StagedOutcome.Staged staged:
                _files.Add(staged.File);
                break;
            case StagedOutcome.Refused refused:
                _findings.Add((name, refused.Rule));
                break;
        }
    }

    // Handed over in the header, so that the framework does not read (and buffer) the form itself.
    private async Task CheckTokenAsync(HttpContext http, IAntiforgery antiforgery)
    {
        if (_fields.TryGetValue(AntiforgeryField.FieldName, out var token)) http.Request.Headers["X-Form-Token"] = token;
        // Without the header the framework would look for the token in the form, which is being read.
        else if (!http.Request.Headers.ContainsKey("X-Form-Token")) throw new BadHttpRequestException("The anti-forgery token is missing or does not fit.");
        if (!await antiforgery.IsRequestValidAsync(http)) throw new BadHttpRequestException("The anti-forgery token is missing or does not fit.");
    }
}
