using Custodia.Testing;
using Microsoft.Playwright;

namespace Custodia.Acceptance.Pages;

/// <summary>Passkeys as a person meets them: real pages, the browser's own script interface, Chromium's authenticator.</summary>
[Collection(PagesCollection.Name)]
public sealed class PasskeyPagesTests(PagesServer server)
{
    private const string Refused = "This passkey was not accepted";

    [EngineFact(Engines.Chromium)]
    public async Task A_passkey_made_in_the_portal_signs_in_without_a_name_until_it_is_removed()
    {
        var (page, _) = await PersonWithPasskeyAsync("ada");
        (await page.Locator("#passkeys").InnerTextAsync()).ShouldContain("Laptop");
        await PagesServer.SignOutAsync(page);

        await UseAsync(page);
        (await page.Locator("main").InnerTextAsync()).ShouldContain("ada@customers.example");

        await page.GotoAsync(Portal("/security"));
        await page.ClickAsync("#passkeys details[id^=remove] summary");
        await page.ClickAsync("#passkeys details[id^=remove] dialog button.btn-danger");
        await page.Locator("#passkeys").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        await PagesServer.SignOutAsync(page);
        await UseAsync(page, refused: true);
    }

    [EngineFact(Engines.Chromium)]
    public async Task A_passkey_is_the_second_factor_after_a_password()
    {
        var (page, _) = await PersonWithPasskeyAsync("wei");
        await PagesServer.SignOutAsync(page);
        await server.SignInAsync(page, "wei");
        await page.ArrivesAsync("**/sign-in/second");
        await page.GotoAsync(Portal(""));
        page.Url.ShouldContain("/sign-in", customMessage: "a password alone opens nothing");
        await page.GotoAsync(server.Url + PagesServer.SignIn + "/second");
        await page.ClickAsync("#second-passkey button");
        await page.ArrivesAsync("**" + PagesServer.Portal);
    }

    [EngineFact(Engines.Chromium)]
    public async Task Whoever_cancels_is_told_so_and_may_try_again()
    {
        var (page, authenticator) = await PersonWithPasskeyAsync("mei");
        await PagesServer.SignOutAsync(page);
        await authenticator.VerifiesAsync(false);
        await OpenSignInAsync(page);
        await page.ClickAsync("#sign-in-passkey button");
        await page.Locator("#sign-in-passkey-failed").WaitForAsync();
        page.Url.ShouldEndWith(PagesServer.SignIn);
        await authenticator.VerifiesAsync(true);
        await page.ClickAsync("#sign-in-passkey button");
        await page.ArrivesAsync("**" + PagesServer.Portal);
    }

    [EngineFact(Engines.Chromium)]
    public async Task A_copy_of_a_passkey_gives_itself_away_by_its_counter()
    {
        var (page, authenticator) = await PersonWithPasskeyAsync("jonas");
        await PagesServer.SignOutAsync(page);
        await UseAsync(page);
        await PagesServer.SignOutAsync(page);
        var counted = (await authenticator.PasskeyAsync()).GetProperty("signCount").GetInt32();
        counted.ShouldBeGreaterThan(1);

        await authenticator.CountAsync(0);
        await UseAsync(page, refused: true);
        await authenticator.CountAsync(counted);
        await UseAsync(page);
    }

    private string Portal(string path) => server.Url + PagesServer.Portal + path;

    /// <summary>A sample person who is signed in and has made a passkey in the portal.</summary>
    private async Task<(IPage Page, VirtualAuthenticator Authenticator)> PersonWithPasskeyAsync(string name)
    {
        var page = await server.Chromium.PersonAsync();
        // The browser would answer the offer in the name field by itself, before a test can press anything.
        await page.AddInitScriptAsync("if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false;");
        var authenticator = await VirtualAuthenticator.AddToAsync(page);
        await server.SignInAsync(page, name);
        await page.ArrivesAsync("**" + PagesServer.Portal);
        await page.GotoAsync(Portal("/security"));
        await page.FillAsync("#add-passkey input[name=name]", "Laptop");
        await page.ClickAsync("#add-passkey button");
        await page.ArrivesAsync("**/security/passkeys");
        (await page.Locator("main code").InnerTextAsync()).ShouldMatch("[a-z2-9]{5}-[a-z2-9]{5}", "the first factor comes with recovery codes");
        var passkey = await authenticator.PasskeyAsync();
        passkey.GetProperty("isResidentCredential").GetBoolean().ShouldBeTrue();
        passkey.GetProperty("rpId").GetString().ShouldBe("localhost");
        await page.GotoAsync(Portal("/security"));
        return (page, authenticator);
    }

    private async Task OpenSignInAsync(IPage page)
    {
        await page.GotoAsync(server.Url + PagesServer.SignIn);
        (await page.InputValueAsync("input[name=name]")).ShouldBeEmpty();
    }

    /// <summary>Signs in by the passkey's button, nothing typed.</summary>
    private async Task UseAsync(IPage page, bool refused = false)
    {
        await OpenSignInAsync(page);
        await page.ClickAsync("#sign-in-passkey button");
        if (!refused)
        {
            await page.ArrivesAsync("**" + PagesServer.Portal);
            return;
        }

        await page.ArrivesAsync("**/sign-in/passkey");
        (await page.Locator("main").InnerTextAsync()).ShouldContain(Refused);
        await page.GotoAsync(Portal(""));
        page.Url.ShouldContain("/sign-in");
    }
}
