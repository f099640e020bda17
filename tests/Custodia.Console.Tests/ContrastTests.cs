using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Custodia.Console.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Rgb = Custodia.Console.BrandColour.Rgb;

namespace Custodia.Console.Tests;

[Collection(LookCollection.Name)]
public sealed partial class ContrastTests(LookHost host)
{
    private const string Tokens = "src/Custodia.Console/Assets/Look/10-tokens.css";

    public static TheoryData<string, string, double> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string, double>();
            foreach (var ink in (string[])["ink", "ink-2", "muted", "accent", "accent-strong"])
                foreach (var ground in (string[])["ground", "surface", "sunken", "hover"])
                    pairs.Add(ink, ground, 4.5);
            foreach (var tone in (string[])["accent", "info", "good", "warning", "danger"])
                pairs.Add(tone, tone + "-soft", 4.5);
            foreach (var tone in (string[])["info", "good", "warning", "danger"])
            {
                pairs.Add(tone, "surface", 4.5);
                pairs.Add("ink", tone + "-soft", 4.5);
            }

            pairs.Add("on-accent", "accent", 4.5);
            pairs.Add("on-accent", "accent-strong", 4.5);
            pairs.Add("on-danger", "danger", 4.5);
            foreach (var ground in (string[])["ground", "surface"])
            {
                pairs.Add("border-strong", ground, 3);
                pairs.Add("focus", ground, 3);
            }

            for (var i = 1; i <= 6; i++)
                pairs.Add($"series-{i}", "surface", 3);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Text_and_ground_are_apart_in_both_themes(string ink, string ground, double wanted)
    {
        var (light, dark) = (Theme(0), Theme(1));
        BrandColour.Contrast(light[ink], light[ground]).ShouldBeGreaterThanOrEqualTo(wanted, "light");
        BrandColour.Contrast(dark[ink], dark[ground]).ShouldBeGreaterThanOrEqualTo(wanted, "dark");
    }

    [Fact]
    public void Dark_is_the_same_by_the_browsers_wish_and_by_choice() => Theme(2).ShouldBe(Theme(1));

    [Fact]
    public void Any_colour_of_a_directory_becomes_one_that_can_be_read() =>
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var css = BrandColour.StyleSheet(seed & 0xffffff);
            var accents = Declared().Matches(css).Where(m => m.Groups[1].Value == "accent").Select(Colour).ToList();
            accents.Count.ShouldBe(3);
            BrandColour.Contrast(accents[0], new Rgb(255, 255, 255)).ShouldBeGreaterThanOrEqualTo(4.5);
            BrandColour.Contrast(accents[1], Theme(1)["surface"]).ShouldBeGreaterThanOrEqualTo(4.5);
            foreach (var (accent, on) in accents.Zip(Declared().Matches(css).Where(m => m.Groups[1].Value == "on-accent").Select(Colour)))
                BrandColour.Contrast(on, accent).ShouldBeGreaterThanOrEqualTo(4.5);
        }));

    [Theory]
    [InlineData("7a2fb5", HttpStatusCode.OK)]
    [InlineData("zzzzzz", HttpStatusCode.NotFound)]
    [InlineData("7a2f", HttpStatusCode.NotFound)]
    [InlineData("+7a2fb", HttpStatusCode.NotFound)]
    public async Task A_colours_style_sheet_is_served(string colour, HttpStatusCode expected)
    {
        using var response = await host.GetAsync($"/assets/brand/{colour}.css");
        response.StatusCode.ShouldBe(expected);
        if (expected == HttpStatusCode.OK)
            response.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
    }

    /// <summary>0 light, 1 dark by the browser's wish, 2 dark by choice.</summary>
    private static Dictionary<string, Rgb> Theme(int index) =>
        Declared().Matches(Blocks().Matches(Sources.Read(Tokens))[index].Value)
            .ToDictionary(m => m.Groups[1].Value, Colour, StringComparer.Ordinal);

    private static Rgb Colour(Match match)
    {
        var rgb = int.Parse(match.Groups[2].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return new Rgb((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
    }

    [GeneratedRegex("""(?<=:root[^{]*)\{[^}]*\}""", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Blocks();

    [GeneratedRegex("""--([a-z0-9-]+):\s*#([0-9a-f]{6})\b""", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Declared();
}
