using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Custodia.Console.Tests.Support;

namespace Custodia.Console.Tests;

[Collection(LookCollection.Name)]
public sealed partial class LanguageTests(LookHost host)
{
    [Fact]
    public void Both_languages_have_the_same_texts()
    {
        var english = Texts.Source.Keys(CultureInfo.InvariantCulture);
        var chinese = Texts.Source.Keys(new CultureInfo("zh"));

        english.Count.ShouldBeGreaterThan(50);
        chinese.Order().ShouldBe(english.Order());
    }

    [Fact]
    public void Every_text_that_the_code_names_is_there()
    {
        var folder = Sources.Of("src/Custodia.Console");
        var named = Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/node_modules/", StringComparison.Ordinal))
            .SelectMany(f => Named().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value))
            .ToHashSet(StringComparer.Ordinal);

        // Doc comments show other modules' keys; nothing else may be missing.
        named.Count.ShouldBeGreaterThan(30);
        named.Except(Texts.Source.Keys(CultureInfo.InvariantCulture))
            .ShouldBe(["EmailMissing", "Users", "ContactVerified"], ignoreOrder: true);
    }

    [Fact]
    public void People_are_addressed_politely_in_every_module() =>
        Directory.EnumerateFiles(Sources.Of("src"), "*.zh.resx", SearchOption.AllDirectories)
            .Where(f => File.ReadAllText(f).Contains('你'))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("en", "Belgium", "Egypt", "Hong Kong SAR China")]
    [InlineData("zh-CN", "比利时", "埃及", "中国香港特别行政区")]
    public void Countries_are_named_in_the_language_of_the_page(string language, params string[] names)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = new CultureInfo(language);
            ((string[])["BE", "EG", "HK"]).Select(CountryName.Of).ShouldBe(names);
            CountryName.Of("??").ShouldBe("??");
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Theory]
    [InlineData("/public", "de, fr", null, "en")]
    [InlineData("/public", "zh-CN,zh;q=0.9,en;q=0.8", null, "zh")]
    [InlineData("/public", "zh", "en", "en")]
    [InlineData("/public?ui_locales=fr%20zh-Hans", "en", "en", "zh")]
    [InlineData("/public?ui_locales=zhuang", "en", null, "en")]
    public async Task The_address_wins_over_the_choice_and_the_choice_over_the_browser(
        string path, string accepted, string? chosen, string expected)
    {
        var html = await host.PageAsync(path, ("Accept-Language", accepted), ("Cookie", $"custodia_lang={chosen}"));
        html.ShouldContain($"<html lang=\"{expected}\"");
    }

    /// <summary>Whatever a request before it on the same connection asked for, and wherever the server stands.</summary>
    [Fact]
    public async Task Who_asks_for_no_language_gets_english()
    {
        for (var i = 0; i < 3; i++)
        {
            (await host.PageAsync("/public", ("Accept-Language", "zh"))).ShouldContain("<html lang=\"zh\"");
            (await host.PageAsync("/public", ("Cookie", "another=zh"))).ShouldContain("<html lang=\"en\"");
            (await host.PageAsync("/public?q=zh")).ShouldContain("<html lang=\"en\"");
        }

        (await host.PageAsync("/public", ("Cookie", "another=1; custodia_lang=zh"))).ShouldContain("<html lang=\"zh\"");
        (await host.PageAsync("/public?ui_locales=zh")).ShouldContain("<html lang=\"zh\"");
    }

    [Theory]
    [InlineData("/display/language", "zh", "custodia_lang=zh")]
    [InlineData("/display/theme", "dark", "custodia_theme=dark")]
    public async Task A_choice_is_kept_in_a_cookie_and_leads_back(string path, string value, string cookie)
    {
        using var response = await host.PostAsync(path, [("value", value), ("return", "/console/rooms?q=a")], ("Sec-Fetch-Site", "same-origin"));

        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        response.Headers.Location!.ToString().ShouldBe("/console/rooms?q=a");
        var set = response.Headers.GetValues("Set-Cookie").Single();
        set.ShouldStartWith(cookie);
        set.ShouldContain("httponly");
        set.ShouldContain("samesite=lax");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\/evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("evil")]
    [InlineData("")]
    [InlineData("/a\r\nSet-Cookie: x=1")]
    public async Task A_choice_never_leads_to_another_site(string target)
    {
        using var response = await host.PostAsync("/display/language", [("value", "zh"), ("return", target)]);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        LocalPath.IsLocal(target).ShouldBeFalse();
    }

    [Theory]
    [InlineData("/display/language", "klingon")]
    [InlineData("/display/theme", "neon")]
    public async Task What_cannot_be_chosen_is_refused(string path, string value)
    {
        using var response = await host.PostAsync(path, [("value", value), ("return", "/")]);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Another_site_cannot_choose_for_a_person()
    {
        using var response = await host.PostAsync("/display/theme", [("value", "dark"), ("return", "/")], ("Sec-Fetch-Site", "cross-site"));
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task A_chosen_theme_is_on_the_page()
    {
        (await host.PageAsync("/public", ("Cookie", "custodia_theme=dark"))).ShouldContain("data-theme=\"dark\"");
        (await host.PageAsync("/public", ("Cookie", "custodia_theme=auto"))).ShouldNotContain("data-theme");
        (await host.PageAsync("/public", ("Cookie", "custodia_theme=x\" onload="))).ShouldNotContain("data-theme");
    }

    [GeneratedRegex("""(?<![A-Za-z])Texts\.Of\("([A-Za-z0-9_-]+)"[,)]""", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Named();
}
