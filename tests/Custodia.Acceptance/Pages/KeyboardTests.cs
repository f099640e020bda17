using Custodia.Acceptance.Journey;
using Custodia.Testing;
using Microsoft.Playwright;

namespace Custodia.Acceptance.Pages;

/// <summary>Somebody without a mouse: Tab, Enter and letters.</summary>
[Collection(PagesCollection.Name)]
public sealed class KeyboardTests(PagesServer server)
{
    /// <summary>What has the focus, and whether one can see that.</summary>
    private const string Focus = """
        () => {
          const at = document.activeElement, style = getComputedStyle(at);
          return { name: at.id || at.getAttribute('name') || at.className || at.tagName,
                   visible: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none' };
        }
        """;

    [EngineFact(Engines.Chromium)]
    public async Task A_person_signs_in_and_out_again()
    {
        var page = await server.Chromium.PersonAsync();
        await page.GotoAsync(server.Url + PagesServer.SignIn);
        await FocusedAsync(page, "#name");
        await page.Keyboard.TypeAsync("sofia");
        (await page.InputValueAsync("#name")).ShouldBe("sofia", "the first field has the focus");
        await TabToAsync(page, "#password");
        await page.Keyboard.TypeAsync(PagesServer.Password);
        await TabToAsync(page, "main form button.btn-primary");
        await page.Keyboard.PressAsync("Enter");
        await page.ArrivesAsync("**" + PagesServer.Portal);

        await TabToAsync(page, ".user-button");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "form[action$='/sign-out'] button");
        await page.Keyboard.PressAsync("Enter");
        await page.ArrivesAsync("**/sign-in**");
    }

    [EngineFact(Engines.Chromium)]
    public async Task A_person_signs_up()
    {
        const string Address = "keys.only@example.com";
        var page = await server.Chromium.PersonAsync();
        await page.GotoAsync(server.Url + PagesServer.SignIn);
        await TabToAsync(page, "a[href$='/sign-up']");
        await page.Keyboard.PressAsync("Enter");
        await page.ArrivesAsync("**/sign-up");
        foreach (var (field, text) in new[] { ("#email", Address), ("#user-name", "keys-only"), ("#display-name", "Keys Only"), ("#password", "a-quite-long-phrase") })
        {
            await TabToAsync(page, field);
            await page.Keyboard.TypeAsync(text);
        }

        await TabToAsync(page, "main form button.btn-primary");
        await page.Keyboard.PressAsync("Enter");
        await FocusedAsync(page, "#code");
        await page.Keyboard.TypeAsync(await new Outbox(server.Client()).CodeAsync(Address));
        await page.Keyboard.PressAsync("Enter");
        await page.ArrivesAsync("**" + PagesServer.Portal);
        (await page.Locator("main").InnerTextAsync()).ShouldContain("Keys Only");
    }

    /// <summary>Until the page has given the focus to its first field: it does so when it is drawn, not when it has come.</summary>
    private static Task FocusedAsync(IPage page, string selector) =>
        page.WaitForFunctionAsync("selector => document.activeElement?.matches(selector)", selector);

    /// <summary>Presses Tab until an element has the focus; every stop on the way shows that it has it.</summary>
    private static async Task TabToAsync(IPage page, string selector)
    {
        List<string> stops = [];
        for (var i = 0; i < 30; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var at = await page.EvaluateAsync<System.Text.Json.JsonElement>(Focus);
            stops.Add(at.GetProperty("name").GetString()!);
            at.GetProperty("visible").GetBoolean().ShouldBeTrue($"the focus is not to be seen on '{stops[^1]}' of {page.Url}");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector)) return;
        }

        throw new InvalidOperationException($"Tab does not reach '{selector}': {string.Join(", ", stops)}");
    }
}
