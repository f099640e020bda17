using System.Net;
using System.Net.Http.Json;
using System.Text;
using Custodia.Identity.Tests.People;

namespace Custodia.Identity.Tests.Branding;

public sealed class LogoTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\">{0}<circle cx=\"4\" cy=\"4\" r=\"3\"/></svg>";

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<rect onload=\"alert(1)\" width=\"1\" height=\"1\"/>")]
    [InlineData("<foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\">x</p></foreignObject>")]
    [InlineData("<image href=\"https://tracker.example/pixel.png\"/>")]
    [InlineData("<use xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"https://x.example/a.svg#b\"/>")]
    [InlineData("<a href=\"javascript:alert(1)\"><rect width=\"8\" height=\"8\"/></a>")]
    [InlineData("<g>")]
    public async Task A_drawing_that_does_something_is_refused(string inside) =>
        (await SetAsync("image/svg+xml", Encoding.UTF8.GetBytes(string.Format(System.Globalization.CultureInfo.InvariantCulture, Svg, inside)))).ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_document_type_in_a_drawing_is_refused() =>
        (await SetAsync("image/svg+xml", Encoding.UTF8.GetBytes("<!DOCTYPE svg [<!ENTITY e \"x\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&e;</svg>"))).ShouldBe(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("image/png")]
    [InlineData("image/jpeg")]
    [InlineData("image/gif")]
    [InlineData("image/webp")]
    public async Task A_picture_is_what_it_says_it_is(string type) =>
        (await SetAsync(type, "<svg onload=\"alert(1)\"/>"u8.ToArray())).ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_still_drawing_and_a_picture_are_taken()
    {
        (await SetAsync("image/svg+xml", Encoding.UTF8.GetBytes(string.Format(System.Globalization.CultureInfo.InvariantCulture, Svg, "<defs><path id=\"p\" d=\"M0 0h8\"/></defs><use href=\"#p\"/>")))).ShouldBe(HttpStatusCode.OK);
        (await SetAsync("image/gif", "GIF89a\u0001\0\u0001\0"u8.ToArray())).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<HttpStatusCode> SetAsync(string type, byte[] content)
    {
        using var answer = await (await server.AdminAsync()).PatchAsJsonAsync("/api/v1/directories/customers/branding", new { logo = $"data:{type};base64,{Convert.ToBase64String(content)}" });
        return answer.StatusCode;
    }
}
