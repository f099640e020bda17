using System.Text;
using Custodia.Console;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Custodia.Identity.Jobs;

/// <summary>The console's upload, read as a stream: the form's token first, then its fields, then the file, which nothing buffers.</summary>
internal sealed class ImportUploadForm(HttpContext http, IAntiforgery antiforgery)
{
    private const int MaxField = 16 * 1024;
    private const int MaxFields = 10;

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    public string this[string name] => _fields.GetValueOrDefault(name, "");

    public string FileName { get; private set; } = "";

    /// <summary>Reads up to the file; null when there is none.</summary>
    /// <exception cref="BadHttpRequestException">It is not such a form, it is cut off, or its token does not fit.</exception>
    public async Task<System.IO.Stream?> ReadToFileAsync(CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 70 } boundary)
            throw new BadHttpRequestException("A multipart form is expected.", StatusCodes.Status415UnsupportedMediaType);
        var reader = new MultipartReader(boundary, http.Request.Body);
        var isChecked = false;
        try
        {
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || disposition.Name.Value is null) throw Broken(null);
                if (!disposition.IsFileDisposition()) await ReadFieldAsync(HeaderUtilities.RemoveQuotes(disposition.Name).ToString(), section, cancellation);
                if (!isChecked) await CheckTokenAsync();
                isChecked = true;
                if (!disposition.IsFileDisposition()) continue;
                FileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
                return FileName.Length == 0 ? null : section.Body;
            }
        }
        catch (Exception e) when (e is System.IO.InvalidDataException or System.IO.IOException and not BadHttpRequestException)
        {
            throw Broken(e);
        }

        return null;
    }

    private async Task ReadFieldAsync(string name, MultipartSection section, CancellationToken cancellation)
    {
        if (_fields.Count >= MaxFields) throw Broken(null);
        var buffer = new byte[MaxField];
        var read = await section.Body.ReadAtLeastAsync(buffer, MaxField, throwOnEndOfStream: false, cancellation);
        if (read == MaxField) throw Broken(null);
        _fields[name] = Encoding.UTF8.GetString(buffer, 0, read);
    }

    // Handed over in the header, so that the framework does not read (and buffer) the form itself.
    private async Task CheckTokenAsync()
    {
        if (_fields.TryGetValue(AntiforgeryField.FieldName, out var token)) http.Request.Headers["X-Form-Token"] = token;
        else throw new BadHttpRequestException("The anti-forgery token is missing or does not fit.");
        if (!await antiforgery.IsRequestValidAsync(http)) throw new BadHttpRequestException("The anti-forgery token is missing or does not fit.");
    }

    private static BadHttpRequestException Broken(Exception? inner) => new("The form is cut off or not valid.", StatusCodes.Status400BadRequest, inner!);
}
