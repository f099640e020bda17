using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Deletion;

/// <summary>
/// Everything held about a person (GDPR Art. 15 and 20): from every module, the kernel's own tables and the logs, with the policy's
/// names and uses beside each value. Written as it is read; nothing is kept on the server.
/// </summary>
public sealed class SubjectExport
{
    private readonly IReadOnlyList<ISubjectData> _parts;
    private readonly LoadedPolicy _policy;
    private readonly TimeProvider _time;

    internal SubjectExport(IEnumerable<ISubjectData> parts, LoadedPolicy policy, TimeProvider time)
    {
        _parts = [.. parts.OrderBy(p => p.Module, StringComparer.Ordinal)];
        _policy = policy;
        _time = time;
    }

    /// <summary>Machine-readable: <c>{ exportedAt, person, policy, items: [{ category, id, values }] }</c>.</summary>
    public async Task WriteJsonAsync(Subject subject, Stream output, CancellationToken cancellation)
    {
        await using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("schema", 1);
        json.WriteString("exportedAt", _time.GetUtcNow());
        json.WriteString("person", subject.Person);
        json.WriteStartObject("policy");
        json.WriteString("version", _policy.Version);
        json.WriteString("sha256", _policy.Sha256);
        json.WriteEndObject();
        json.WriteStartArray("items");
        await foreach (var item in ItemsAsync(subject, cancellation))
        {
            WriteItem(json, item);
            if (json.BytesPending > 32 * 1024) await json.FlushAsync(cancellation);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Readable: one HTML page without scripts or outside parts, in the language of the request.</summary>
    public async Task WriteHtmlAsync(Subject subject, Stream output, CancellationToken cancellation)
    {
        await using var html = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        var chinese = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";
        var title = chinese ? "我的数据" : "My data";
        await html.WriteAsync($"<!doctype html><html lang=\"{(chinese ? "zh" : "en")}\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body><h1>{title}</h1>");
        await html.WriteAsync($"<p>{_time.GetUtcNow().ToString("u", CultureInfo.InvariantCulture)} · {subject.Person} · {WebUtility.HtmlEncode(_policy.Version)}</p>");
        string? category = null;
        await foreach (var item in ItemsAsync(subject, cancellation))
        {
            if (item.Category != category) await html.WriteAsync(Heading(category = item.Category));
            await html.WriteAsync(Table(item));
        }

        await html.WriteAsync("</body></html>");
        await html.FlushAsync(cancellation);
    }

    /// <summary>All items, part by part.</summary>
    public async IAsyncEnumerable<ExportedItem> ItemsAsync(Subject subject, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var part in _parts)
        {
            await foreach (var item in part.ExportAsync(subject, cancellation)) yield return item;
        }
    }

    private static void WriteItem(Utf8JsonWriter json, ExportedItem item)
    {
        json.WriteStartObject();
        json.WriteString("category", item.Category);
        json.WriteString("id", item.Id);
        json.WriteStartObject("values");
        foreach (var (name, value) in item.Values) json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private string Heading(string id)
    {
        var category = _policy.Category(id);
        var uses = string.Join(", ", category.Uses.Select(u => u.Title.Current));
        return $"<h2>{WebUtility.HtmlEncode(category.Title.Current)}</h2><p>{WebUtility.HtmlEncode(uses)}</p>";
    }

    private string Table(ExportedItem item)
    {
        var category = _policy.Category(item.Category);
        var rows = new StringBuilder("<table border=\"1\" cellpadding=\"4\">");
        foreach (var (name, value) in item.Values)
        {
            var title = category.TryField(name, out var field) ? field!.Title.Current : name;
            rows.Append(CultureInfo.InvariantCulture, $"<tr><th align=\"left\">{WebUtility.HtmlEncode(title)}</th><td>{WebUtility.HtmlEncode(value)}</td></tr>");
        }

        return rows.Append("</table><br>").ToString();
    }
}
