using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Testing;
using Microsoft.Playwright;

namespace Custodia.Acceptance.Pages;

/// <summary>A phone 360 px wide: no page is pushed sideways (WCAG 2.2, 1.4.10).</summary>
[Collection(PagesCollection.Name)]
public sealed class NarrowPagesTests(PagesServer server)
{
    private const int Width = 360;
    private const string Resource = "https://api-of-the-shop.example/extraordinarily-long-name-without-any-place-to-break-it";

    /// <summary>What sticks out on the right and is not inside something that scrolls by itself.</summary>
    private const string Sticking = """
        () => {
          const wide = document.documentElement.scrollWidth;
          if (wide <= innerWidth) return '';
          const out = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5);
          return `${wide} px: ` + out.map(e => e.tagName + '.' + e.className + '#' + e.id).join(', ');
        }
        """;

    private static readonly string[] Doors =
    [
        "/d/customers/sign-in", "/d/customers/sign-in?note=signed-out", "/d/customers/sign-in/code", "/d/customers/sign-up", "/d/customers/recover", "/demo", "/privacy",
    ];

    private static readonly string[] Rooms =
    [
        "", "/edit", "/email", "/security", "/security/app", "/connections", "/applications", "/activity", "/data", "/delete",
    ];

    [EngineTheory(Engines.Chromium)]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task No_page_of_a_person_scrolls_sideways(string locale)
    {
        var page = await server.Chromium.PersonAsync(locale, Width);
        List<string> wide = [];
        foreach (var path in Doors) await LookAsync(path);
        await FillCodeAsync();
        await server.SignInAsync(page, "sofia");
        await page.ArrivesAsync(address => address.EndsWith(PagesServer.Portal, StringComparison.Ordinal));
        foreach (var path in Rooms) await LookAsync(PagesServer.Portal + path);
        await LookAsync(await ConsentAsync());
        (await page.Locator("button[value=allow]").CountAsync()).ShouldBe(1, page.Url);
        wide.ShouldBeEmpty();

        async Task LookAsync(string path)
        {
            var answer = await page.GotoAsync(path.StartsWith("http", StringComparison.Ordinal) ? path : server.Url + path);
            answer!.Ok.ShouldBeTrue(path);
            (await page.GetAttributeAsync("html", "lang"))!.ShouldStartWith(locale[..2]);
            await NoteAsync(path);
        }

        async Task FillCodeAsync()
        {
            await page.GotoAsync(server.Url + "/d/customers/sign-in/code");
            await page.FillAsync("#email", "a.rather.long.address.of.somebody@a-rather-long-name-of-a-company.example");
            await page.PressAsync("#email", "Enter");
            await page.WaitForSelectorAsync("#code");
            await NoteAsync("the code page");
        }

        async Task NoteAsync(string what)
        {
            var sticking = await page.EvaluateAsync<string>(Sticking);
            if (sticking.Length > 0) wide.Add($"{what} ({locale}): {sticking}");
        }
    }

    /// <summary>Where a new application with a long name asks for consent.</summary>
    private async Task<string> ConsentAsync()
    {
        var admin = await server.AdminAsync();
        using var made = await admin.PostAsJsonAsync("/api/v1/applications", new
        {
            directory = "customers",
            kind = "spa",
            name = "Extraordinarily-long-application-name-without-a-blank-in-it",
            redirectUris = new[] { "https://shop.example/callback" },
            resources = new[] { Resource },
            consentRequired = true,
        });
        made.EnsureSuccessStatusCode();
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("application").GetProperty("clientId").GetString();
        return $"{server.Url}/d/customers/authorize?client_id={id}&redirect_uri={Uri.EscapeDataString("https://shop.example/callback")}"
            + "&response_type=code&scope=openid%20profile%20email%20phone&resource=" + Uri.EscapeDataString(Resource) + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    }
}
