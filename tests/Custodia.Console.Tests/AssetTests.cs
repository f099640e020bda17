using System.IO.Compression;
using System.Net;
using Custodia.Console.Tests.Support;

namespace Custodia.Console.Tests;

[Collection(LookCollection.Name)]
public sealed class AssetTests(LookHost host)
{
    public static TheoryData<string, string> Types => new()
    {
        { "console.css", "text/css" },
        { "console.js", "text/javascript" },
        { "charts.js", "text/javascript" },
        { "htmx.js", "text/javascript" },
        { "echarts.js", "text/javascript" },
        { "topojson.js", "text/javascript" },
        { "passkeys.js", "text/javascript" },
        { "world.json", "application/json" },
        { "favicon.svg", "image/svg+xml" },
    };

    [Fact]
    public void No_asset_is_without_a_test() =>
        LookAssets.Names.Order().ShouldBe(Types.Select(t => (string)t[0]).Order());

    [Theory]
    [MemberData(nameof(Types))]
    public async Task An_asset_is_served_for_ever_under_its_fingerprint(string name, string type)
    {
        using var response = await host.GetAsync(LookAssets.Url(name));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        response.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        response.Headers.ETag.ShouldNotBeNull();
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        var body = await response.Content.ReadAsByteArrayAsync();
        body.Length.ShouldBeGreaterThan(200);
        response.Content.Headers.ContentLength.ShouldBe(body.Length);
    }

    [Theory]
    [InlineData("/assets/0000000000000000/console.css")]
    [InlineData("/assets/0000000000000000/nothing.css")]
    [InlineData("/assets/console.css")]
    [InlineData("/assets/..%2f..%2fcustodia/x")]
    public async Task Another_fingerprint_or_name_is_not_found(string path)
    {
        using var response = await host.GetAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Headers.CacheControl?.ToString().ShouldNotContain("immutable");
    }

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    public async Task A_compressed_asset_holds_the_same_bytes(string accepted, string expected)
    {
        using var plain = await host.GetAsync(LookAssets.Url("htmx.js"));
        using var compressed = await host.GetAsync(LookAssets.Url("htmx.js"), ("Accept-Encoding", accepted));

        compressed.Content.Headers.ContentEncoding.ShouldBe([expected]);
        compressed.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        compressed.Headers.ETag.ShouldNotBe(plain.Headers.ETag);
        compressed.Content.Headers.ContentLength!.Value.ShouldBeLessThan(plain.Content.Headers.ContentLength!.Value / 2);
        await using var body = await compressed.Content.ReadAsStreamAsync();
        await using Stream opened = expected == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await opened.CopyToAsync(bytes);
        bytes.ToArray().ShouldBe(await plain.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_browser_that_holds_an_asset_gets_no_body()
    {
        using var first = await host.GetAsync(LookAssets.Url("console.css"), ("Accept-Encoding", "br"));
        using var second = await host.GetAsync(
            LookAssets.Url("console.css"), ("Accept-Encoding", "br"), ("If-None-Match", first.Headers.ETag!.ToString()));

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Head_says_the_length_and_sends_nothing()
    {
        using var response = await host.SendAsync(HttpMethod.Head, LookAssets.Url("console.css"), null);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentLength!.Value.ShouldBeGreaterThan(1000);
        (await response.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public void The_lock_file_names_no_download_address()
    {
        var lockFile = Sources.Read("src/Custodia.Console/package-lock.json");
        lockFile.ShouldNotContain("resolved");
        lockFile.ShouldNotContain("http");
        lockFile.ShouldContain("\"integrity\": \"sha512-");
    }
}
