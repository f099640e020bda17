using System.Globalization;
using System.Net;
using System.Text;
using CsvHelper;

namespace Custodia.Kernel.Policy;

/// <summary>The policy for others to read: the record of processing activities and the policy itself, as bytes in UTF-8.</summary>
public static class PolicyExport
{
    /// <summary>The formats by their names on the command line, with media type and rendering.</summary>
    public static IReadOnlyDictionary<string, (string MediaType, Func<LoadedPolicy, byte[]> Render)> Formats { get; } =
        new Dictionary<string, (string, Func<LoadedPolicy, byte[]>)>(StringComparer.Ordinal)
        {
            ["html"] = ("text/html; charset=utf-8", Html),
            ["csv"] = ("text/csv; charset=utf-8", Csv),
            ["jsonld"] = ("application/ld+json; charset=utf-8", LinkedPolicy.Render),
            ["json"] = ("application/json; charset=utf-8", PlainPolicy.Render),
        };

    /// <summary>Renders in a language: <c>en</c> or <c>zh</c>. JSON forms carry both.</summary>
    public static byte[] Render(LoadedPolicy policy, string format, string language)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            return Formats[format].Render(policy);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static byte[] Csv(LoadedPolicy policy)
    {
        using var stream = new MemoryStream();

        // With a byte order mark spreadsheets read Chinese texts right.
        using (var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)))
        using (var csv = new CsvWriter(writer, CultureInfo.InvariantCulture))
        {
            foreach (var column in ProcessingActivity.Columns) csv.WriteField(column);
            csv.NextRecord();
            foreach (var activity in ProcessingActivity.Of(policy))
            {
                foreach (var value in activity.Values) csv.WriteField(value);
                csv.NextRecord();
            }
        }

        return stream.ToArray();
    }

    private static byte[] Html(LoadedPolicy policy)
    {
        var html = new StringBuilder();
        var title = Encoded(PolicyWords.Say("record-title"));
        html.Append($"<!DOCTYPE html>\n<html lang=\"{CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n");
        html.Append($"<p>{Encoded(PolicyWords.Say("record-note", policy.Version, policy.Sha256))}</p>\n");
        var columns = ProcessingActivity.Columns;
        foreach (var activity in ProcessingActivity.Of(policy))
        {
            html.Append($"<h2 id=\"{activity.Id}\">{Encoded(activity.Title)}</h2>\n<table>\n");
            foreach (var (column, value) in columns.Zip(activity.Values))
                html.Append($"<tr><th scope=\"row\">{Encoded(column)}</th><td>{Encoded(value)}</td></tr>\n");
            html.Append("</table>\n");
        }

        return Encoding.UTF8.GetBytes(html.Append("</body>\n</html>\n").ToString());
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
