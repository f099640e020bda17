using Custodia.Identity.Templates;

namespace Custodia.Identity.Tests.Templates;

public sealed class HtmlCheckTests
{
    [Theory]
    [InlineData("<p>Hello &amp; welcome, 1 > 0</p>")]
    [InlineData("<table role=\"presentation\" width=\"100%\" cellpadding=\"0\"><tbody><tr><td bgcolor=\"#eee\" align=\"center\">x</td></tr></tbody></table>")]
    [InlineData("<p style=\"color:#123;padding:4px 8px; font-family:'Noto Sans', sans-serif\">x<br>y<br/></p>")]
    [InlineData("<a href=\"{{link}}\" title=\"{{name}}\">x</a><a href=\"https://example.com/a?b=1&amp;c=2#d\">y</a><a href=\"mailto:help@example.com\">z</a>")]
    [InlineData("<img src=\"https://example.com/logo.png\" alt=\"{{directory}}\" width=\"120\" height=\"40\">")]
    [InlineData("<UL><li>One</li><LI>Two</li></ul>")]
    public void What_mails_need_is_allowed(string html) => HtmlCheck.Check(html).ShouldBeEmpty();

    [Theory]
    [InlineData("<script>alert(1)</script>", "html-element script at 1:1")]
    [InlineData("<p>x</p>\n<iframe src=\"https://example.com\"></iframe>", "html-element iframe at 2:1")]
    [InlineData("<svg><p>x</p></svg>", "html-element svg at 1:1")]
    [InlineData("<style>p{}</style>", "html-element style at 1:1")]
    [InlineData("<form action=\"https://example.com\"></form>", "html-element form at 1:1")]
    [InlineData("<meta http-equiv=\"refresh\" content=\"0\">", "html-element meta at 1:1")]
    [InlineData("<p onclick=\"alert(1)\">x</p>", "html-attribute p onclick at 1:4")]
    [InlineData("<img src=\"https://example.com/x.png\" onerror=\"alert(1)\">", "html-attribute img onerror at 1:38")]
    [InlineData("<p class=\"x\">x</p>", "html-attribute p class at 1:4")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>", "html-value-href a href at 1:4")]
    [InlineData("<a href=\"java&#115;cript:alert(1)\">x</a>", "html-value-href a href at 1:4")]
    [InlineData("<a href=\" javascript:alert(1)\">x</a>", "html-value-href a href at 1:4")]
    [InlineData("<a href=\"data:text/html,x\">x</a>", "html-value-href a href at 1:4")]
    [InlineData("<a href=\"http://example.com\">x</a>", "html-value-href a href at 1:4")]
    [InlineData("<a href=\"//example.com\">x</a>", "html-value-href a href at 1:4")]
    [InlineData("<a href=\"https://example.com/{{code}}\">x</a>", "html-value-href a href at 1:4")]
    [InlineData("<a href=\"{{name}}\">x</a>", "html-value-href a href at 1:4")]
    [InlineData("<a href=\"{{link}}{{name}}\">x</a>", "html-value-href a href at 1:4")]
    [InlineData("<a href=\"https://user:pass@example.com\">x</a>", "html-value-href a href at 1:4")]
    [InlineData("<img src=\"http://example.com/x.png\">", "html-value-src img src at 1:6")]
    [InlineData("<img src=\"https://example.com/{{name}}.png\">", "html-value-src img src at 1:6")]
    [InlineData("<p style=\"background:url(https://example.com/x)\">x</p>", "html-value-style p style at 1:4")]
    [InlineData("<p style=\"width:expression(alert(1))\">x</p>", "html-value-style p style at 1:4")]
    [InlineData("<p style=\"position:fixed\">x</p>", "html-value-style p style at 1:4")]
    [InlineData("<p style=\"color:{{name}}\">x</p>", "html-value-style p style at 1:4")]
    [InlineData("<p style=\"col\\6fr:red\">x</p>", "html-value-style p style at 1:4")]
    [InlineData("<!-- x --><p>x</p>", "html-markup <!-- at 1:1")]
    [InlineData("a < b", "html-markup < b at 1:3")]
    [InlineData("<p title='x'>x</p>", "html-markup p at 1:1|html-nesting </p> at 1:15")]
    [InlineData("<p title=\"a<b\">x</p>", "html-markup p at 1:1|html-nesting </p> at 1:17")]
    [InlineData("<b><i>x</b></i>", "html-nesting </b> at 1:8|html-not-closed b at 1:1")]
    [InlineData("<div><p>x</p>", "html-not-closed div at 1:1")]
    [InlineData("<a href=\"{{link}}\" href=\"{{link}}\">x</a>", "html-attribute-twice a href at 1:20")]
    [InlineData("<p", "html-markup p at 1:1")]
    [InlineData("<p title=\"x", "html-markup p at 1:1")]
    [InlineData("<{{name}}>", "html-markup <{{n at 1:1")]
    public void What_is_refused_is_named_with_its_place(string html, string expected) =>
        string.Join('|', HtmlCheck.Check(html).Select(f => f.Text)).ShouldBe(expected);
}
