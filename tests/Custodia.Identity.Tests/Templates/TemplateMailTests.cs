using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Custodia.Identity.Tests.People;
using Custodia.Testing;

namespace Custodia.Identity.Tests.Templates;

public sealed class TemplateMailTests
{
    [EngineFact(Engines.Mail)]
    public async Task A_template_with_html_comes_through_a_real_mail_server_as_two_alternatives()
    {
        await using var mail = await MailServer.StartAsync();
        await using var server = await PeopleServer.StartNewAsync(s =>
        {
            s.Settings["Custodia:Delivery:Smtp:Host"] = "127.0.0.1";
            s.Settings["Custodia:Delivery:Smtp:Port"] = mail.Port.ToString(CultureInfo.InvariantCulture);
            s.Settings["Custodia:Delivery:Smtp:StartTls"] = "false";
            s.Settings["Custodia:Delivery:Smtp:From"] = "Demo <no-reply@example.com>";
        });
        var put = await (await server.AdminAsync()).PutAsJsonAsync(
            "/api/v1/directories/customers/templates/sign-in-link/en",
            new { subject = "Words of {{directory}}", text = "Your code: {{code}}, 你好 {{link}}", html = "<p style=\"color:#a00\">Your code: <b>{{code}}</b>, <a href=\"{{link}}\">你好</a></p>" });
        put.StatusCode.ShouldBe(HttpStatusCode.OK, await put.Content.ReadAsStringAsync());
        var visitor = await server.Visitor().OpenAsync("/d/customers/sign-in/code");
        await visitor.PostAsync("/d/customers/sign-in/code", ("email", "ada@customers.example"));

        var received = await mail.ReceiveAsync("ada@customers.example", "Words of");
        var type = received.Headers["Content-Type"].Single();
        type.ShouldStartWith("multipart/alternative");
        var parts = Parts(received.Text, Regex.Match(type, "boundary=\"?([^\";]+)").Groups[1].Value);
        parts.Select(p => p.Type).ShouldBe(["text/plain", "text/html"]);
        var code = Regex.Match(parts[0].Text, "[0-9]{6}").Value;
        parts[0].Text.ShouldStartWith($"Your code: {code}, 你好 {server.Url}/d/customers/sign-in/link?link=");
        parts[1].Text.ShouldContain($"<p style=\"color:#a00\">Your code: <b>{code}</b>, <a href=\"{server.Url}/d/customers/sign-in/link?link=");
        await visitor.PostAsync("/d/customers/sign-in/code/check", ("id", visitor.Hidden("id")), ("code", code));
        visitor.Location.ShouldBe("/account/customers");
    }

    private static List<(string Type, string Text)> Parts(string body, string boundary) =>
    [
        .. from part in body.ReplaceLineEndings("\n").Split("--" + boundary)
           let split = part.TrimStart('\n').Split("\n\n", 2)
           where split.Length == 2
           let head = split[0].ToLowerInvariant()
           where head.Contains("content-type", StringComparison.Ordinal)
           select (Regex.Match(head, "content-type: ([a-z/]+)").Groups[1].Value, Decode(head, split[1])),
    ];

    private static string Decode(string head, string text) =>
        head.Contains("base64", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(text.Replace("\n", "", StringComparison.Ordinal)))
        : head.Contains("quoted-printable", StringComparison.Ordinal) ? Quoted(text.Replace("=\n", "", StringComparison.Ordinal))
        : text;

    private static string Quoted(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length)
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else bytes.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
