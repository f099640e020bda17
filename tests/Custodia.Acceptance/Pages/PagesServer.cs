using Custodia.Testing;
using Microsoft.Playwright;

namespace Custodia.Acceptance.Pages;

/// <summary>One server and one Chromium for all tests of pages. The server is called <c>localhost</c>: passkeys need a name.</summary>
public sealed class PagesServer : CustodiaServer, IAsyncLifetime
{
    public const string Portal = "/account/customers";
    public const string SignIn = "/d/customers/sign-in";
    public const string Password = "just-for-the-demo";

    private Journey.Browser? _browser;

    internal Journey.Browser Chromium => _browser ?? throw new InvalidOperationException(Engines.Missing(Engines.Chromium));

    async Task IAsyncLifetime.InitializeAsync()
    {
        Host = "localhost";
        foreach (var limit in new[] { "AttemptsPerName", "AttemptsPerAddress", "CodesPerRecipient" }) Settings[$"Custodia:Identity:{limit}"] = "100000";
        if (Engines.Missing(Engines.Chromium) is not null) return;
        await InitializeAsync();
        _browser = await Journey.Browser.StartAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        await DisposeAsync();
    }

    /// <summary>Opens the sign-in page and gives name and password.</summary>
    public async Task SignInAsync(IPage page, string name)
    {
        await page.GotoAsync(Url + SignIn);
        await page.FillAsync("input[name=name]", name);
        await page.FillAsync("input[name=password]", Password);
        await page.PressAsync("input[name=password]", "Enter");
    }

    /// <summary>Ends the session by the menu of the portal.</summary>
    public static async Task SignOutAsync(IPage page)
    {
        await page.ClickAsync(".user-button");
        await page.ClickAsync("form[action$='/sign-out'] button");
        await page.ArrivesAsync("**/sign-in**");
    }
}

[CollectionDefinition(Name)]
public sealed class PagesCollection : ICollectionFixture<PagesServer>
{
    public const string Name = "pages in Chromium";
}
