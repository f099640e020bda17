using System.Net;
using System.Text.Json;
using Custodia.Kernel.Policy;
using Custodia.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Tests.Policy;

/// <summary>What everybody can read at <c>/privacy</c>, over real HTTP.</summary>
public sealed class PrivacyPageTests(PrivacyPageTests.Server server) : IClassFixture<PrivacyPageTests.Server>
{
    private readonly LoadedPolicy _policy = server.Services.GetRequiredService<LoadedPolicy>();

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task The_page_shows_every_category_and_personal_field_in_both_languages(string language)
    {
        var page = WebUtility.HtmlDecode(await server.Client().GetStringAsync($"/privacy?ui_locales={language}"));
        page.ShouldContain($"lang=\"{language}\"");
        foreach (var category in _policy.Categories)
        {
            page.ShouldContain($"id=\"{category.Id}\"");
            page.ShouldContain(In(category.Title));
            foreach (var field in category.Fields) page.ShouldContain(In(field.Title));
            foreach (var use in category.Uses) page.ShouldContain(In(use.Title));
        }

        string In(LocalText text) => language == "zh" ? text.Zh : text.En;
    }

    [Fact]
    public async Task The_page_shows_version_hash_and_build()
    {
        var page = WebUtility.HtmlDecode(await server.Client().GetStringAsync("/privacy"));
        page.ShouldContain(_policy.Version);
        page.ShouldContain(_policy.Sha256);
        page.ShouldContain("0.1.0+");
    }

    [Fact]
    public async Task The_page_says_honestly_that_nothing_is_held()
    {
        var page = await CountedAsync();
        var section = page[page.IndexOf("id=\"tickets.contact-email\"", StringComparison.Ordinal)..];
        section[..section.IndexOf("</dl>", StringComparison.Ordinal)].ShouldContain("nothing held");
        page.ShouldContain("None yet");
        page.ShouldContain("0 open, 0 overdue");
        page.ShouldContain("0 deleting now, 0 late");
    }

    [Fact]
    public async Task A_room_that_fails_does_not_take_the_page_away() =>
        (await server.Client().GetAsync("/privacy")).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task The_record_of_processing_has_the_columns_of_article_30()
    {
        using var answer = await server.Client().GetAsync("/privacy/record.csv");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var text = await answer.Content.ReadAsStringAsync();
        var head = text.Split('\n')[0];
        foreach (var letter in "abcdefg") head.ShouldContain($"({letter})");
        foreach (var category in _policy.Categories) text.ShouldContain($"({category.Id})");
        (await server.Client().GetStringAsync("/privacy/record.csv?ui_locales=zh")).ShouldContain("个人数据类别");
        (await server.Client().GetStringAsync("/privacy/record.html?ui_locales=zh")).ShouldContain("处理活动记录");
    }

    [Fact]
    public async Task The_linked_record_names_only_vocabulary_terms_of_its_context()
    {
        using var record = JsonDocument.Parse(await server.Client().GetStringAsync("/privacy/record.jsonld"));
        var prefixes = record.RootElement.GetProperty("@context").EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        Keys(record.RootElement).Where(k => !k.StartsWith('@')).ShouldAllBe(k => prefixes.Contains(k.Split(':', 2)[0]));
        record.RootElement.GetProperty("dpv:hasProcess").GetArrayLength().ShouldBe(_policy.Categories.Count());
        record.RootElement.GetProperty("@type").GetString().ShouldBe("dpv:RecordsOfActivities");
    }

    [Fact]
    public async Task The_policy_as_JSON_says_the_same_as_the_files()
    {
        using var policy = JsonDocument.Parse(await server.Client().GetStringAsync("/privacy/policy.json"));
        policy.RootElement.GetProperty("sha256").GetString().ShouldBe(_policy.Sha256);
        var fields = policy.RootElement.GetProperty("services").EnumerateArray()
            .SelectMany(s => s.GetProperty("categories").EnumerateArray())
            .SelectMany(c => c.GetProperty("fields").EnumerateArray());
        fields.Count().ShouldBe(_policy.Categories.Sum(c => c.Fields.Count));
    }

    [Fact]
    public async Task A_document_that_has_not_changed_is_not_sent_again()
    {
        using var client = server.Client();
        using var first = await client.GetAsync("/privacy/policy.json");
        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await client.GetAsync("/privacy/policy.json");
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    /// <summary>The page once the figures are there: a page asked for early does not wait for slow ones.</summary>
    private async Task<string> CountedAsync()
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var page = await server.Client().GetStringAsync("/privacy");
            if (!page.Contains("Not known", StringComparison.Ordinal)) return page;
        }

        throw new TimeoutException("The live figures were not collected.");
    }

    private static IEnumerable<string> Keys(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Where(p => p.Name != "@context").SelectMany(p => Keys(p.Value).Prepend(p.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Keys),
        _ => [],
    };

    public sealed class Server : CustodiaServer
    {
        protected override void Prepare() => Adjust = builder =>
        {
            builder.Services.AddScoped<ILiveFigures, BrokenFigures>();
            builder.Logging.AddFilter("Custodia.Kernel.Policy.LiveFigureBoard", LogLevel.None);
        };
    }

    private sealed class BrokenFigures : ILiveFigures
    {
        public Task CollectAsync(LiveFigures figures, CancellationToken cancellation) => throw new InvalidOperationException("The store is closed.");
    }
}
