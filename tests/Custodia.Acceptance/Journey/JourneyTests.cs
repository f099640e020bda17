using System.Text.Json;
using Custodia.Acceptance.Pages;
using Custodia.Testing;
using Microsoft.Playwright;

namespace Custodia.Acceptance.Journey;

/// <summary>One person's way through the house, from sign-up to the proof that they are forgotten.</summary>
public sealed class JourneyTests
{
    private const string Mail = "ada.canary@example.com";
    private const string UserName = "ada-canary";
    private const string DisplayName = "Ada Canarina";
    private const string Password = "canary horse battery 42";
    private const string Contact = "canary.contact@example.org";
    private const string Secret = "canary-secret-box-77";
    private const string StaffPassword = "just-for-the-demo";

    private static readonly string[] AllCanaries = [Mail, UserName, DisplayName, Password, Contact, Secret];

    [EngineFact("chromium")]
    public async Task A_person_signs_up_is_served_and_is_forgotten_in_every_copy()
    {
        using var folder = new TemporaryFolder();
        var port = CustodiaProcess.FreePort();
        var data = folder.File("data");
        var settings = Settings(folder, port);
        await using var browser = await Browser.StartAsync();
        string evidence;
        await using (var server = await CustodiaProcess.StartAsync(data, settings, port))
        {
            using var http = TestClient(server.Url);
            var outbox = new Outbox(http);
            var person = await browser.PersonAsync();
            await SignUpAsync(person, server.Url, outbox);
            (await outbox.TextAsync(Mail, "Welcome")).ShouldContain(DisplayName);
            await OpenTicketAsync(person, server.Url, outbox);
            await StaffAsync(browser, server.Url);

            Canaries.FindIn(data, UserName, DisplayName).ShouldNotBeEmpty("the policy keeps user names and ticket texts of open tickets plain");
            Canaries.FindIn(data, Mail, Contact, Secret, Password).ShouldBeEmpty();
            await VerbAsync(settings, "backup", "--to", folder.File("backup"));

            await DeleteAccountAsync(person, server.Url);
            evidence = await EvidenceAsync(data);
            browser.Errors.ShouldBeEmpty();
            Canaries.FindIn(data, AllCanaries).ShouldBeEmpty();
            Canaries.FindIn(folder.File("backup"), AllCanaries).ShouldBeEmpty();
        }

        (await VerbAsync(settings, "evidence", "verify", evidence)).ShouldContain("VALID");
        await VerbAsync(settings, "audit", "verify");
        await RestoreAsync(folder, settings, port);
    }

    private static Dictionary<string, string?> Settings(TemporaryFolder folder, int port) => new(StringComparer.Ordinal)
    {
        ["Custodia__PublicUrl"] = $"http://127.0.0.1:{port}",
        ["Custodia__DataDirectory"] = folder.File("data"),
        ["Custodia__Keys__Directory"] = folder.File("keys"),
    };

    private static async Task SignUpAsync(IPage page, string url, Outbox outbox)
    {
        await page.GotoAsync($"{url}/demo");
        await page.Locator("main a[href*='sign-up'], main a[href*='sign-in'], main a.btn-primary").First.ClickAsync();
        if (page.Url.Contains("sign-in", StringComparison.Ordinal)) await page.Locator("a[href*='sign-up']").First.ClickAsync();
        await page.FillAsync("#email", Mail);
        await page.FillAsync("#user-name", UserName);
        await page.FillAsync("#display-name", DisplayName);
        await page.FillAsync("#password", Password);
        await page.ClickAsync("main button.btn-primary");
        await page.FillAsync("input[name=code]", await outbox.CodeAsync(Mail));
        await page.ClickAsync("main button.btn-primary");
        await page.ArrivesAsync(address => address.Contains("/demo", StringComparison.Ordinal));
        (await page.Locator("main").InnerTextAsync()).ShouldContain(UserName);
    }

    private static async Task OpenTicketAsync(IPage page, string url, Outbox outbox)
    {
        await page.GotoAsync($"{url}/support/customers/new");
        await page.SelectOptionAsync("select[name=category]", new SelectOptionValue { Index = 1 });
        await page.SelectOptionAsync("select[name=problemType]", new SelectOptionValue { Index = 1 });
        await page.FillAsync("input[name=title]", "The printer says no");
        await page.FillAsync("textarea[name=description]", $"Hello, I am {DisplayName} and it has not printed since Monday.");
        await page.FillAsync("textarea[name=confidential]", Secret);
        await page.FillAsync("input[name=email]", Contact);
        await page.Locator("main form button.btn-primary").First.ClickAsync();
        await page.FillAsync("input[name=code]", await outbox.CodeAsync(Contact));
        await page.PressAsync("input[name=code]", "Enter");
        await page.GetByText("The contact is verified.").WaitForAsync();
    }

    private static async Task StaffAsync(Browser browser, string url)
    {
        var agent = await StaffMemberAsync(browser, url, "support-agent");
        await RevealAsync(agent, url);
        (await agent.Locator("main").InnerTextAsync()).ShouldNotContain(Contact, customMessage: "not on the whitelist");

        var lead = await StaffMemberAsync(browser, url, "support-lead");
        await RevealAsync(lead, url);
        (await lead.Locator("main").InnerTextAsync()).ShouldContain(Contact);

        var officer = await StaffMemberAsync(browser, url, "privacy-officer");
        await officer.GotoAsync($"{url}/console/logs/kernel.reveal-log");
        var log = await officer.Locator("#log").InnerTextAsync();
        log.ShouldContain("support-agent");
        log.ShouldContain("support-lead");
    }

    private static async Task<IPage> StaffMemberAsync(Browser browser, string url, string role)
    {
        var page = await browser.PersonAsync();
        await page.GotoAsync($"{url}/console");
        await page.FillAsync("input[name=name]", role);
        await page.FillAsync("input[name=password]", StaffPassword);
        await page.PressAsync("input[name=password]", "Enter");
        await page.ArrivesAsync(address => address.EndsWith("/console", StringComparison.Ordinal));
        return page;
    }

    private static async Task RevealAsync(IPage page, string url)
    {
        await page.GotoAsync($"{url}/console/tickets");
        await page.Locator("table a[href^='/console/tickets/']").Filter(new LocatorFilterOptions { HasText = "The printer says no" }).First.ClickAsync();
        await page.ArrivesAsync("**/console/tickets/*");
        (await page.Locator("main").InnerTextAsync()).ShouldContain("c***@example.org");
        await page.GetByText("Reveal…").First.ClickAsync();
        await page.Locator("form[action$='/reveal'] input[name=reason]").First.FillAsync("call back about the printer");
        await page.Locator("form[action$='/reveal'] button", new PageLocatorOptions { HasText = "on record" }).First.ClickAsync();
        await page.ArrivesAsync(address => address.EndsWith("/reveal", StringComparison.Ordinal));
    }

    private static async Task DeleteAccountAsync(IPage page, string url)
    {
        await page.GotoAsync($"{url}/account/customers/delete");
        await page.FillAsync("#password", Password);
        await page.CheckAsync("#confirmed");
        await page.Locator("main button.btn-danger").First.ClickAsync();
        await page.WaitForLoadStateAsync();
    }

    /// <summary>The evidence appears when the last step is done.</summary>
    private static async Task<string> EvidenceAsync(string data)
    {
        for (var tries = 0; tries < 240; tries++)
        {
            if (Directory.EnumerateFiles(Path.Combine(data, "evidence"), "*.json").FirstOrDefault() is { } file) return file;
            await Task.Delay(250);
        }

        throw new TimeoutException("The deletion was not done within a minute.");
    }

    /// <summary>The backup was taken before the deletion: restored, it must not bring the person back.</summary>
    private static async Task RestoreAsync(TemporaryFolder folder, Dictionary<string, string?> settings, int port)
    {
        settings["Custodia__DataDirectory"] = folder.File("restored");
        await VerbAsync(settings, "restore", "--from", folder.File("backup"));
        await using var server = await CustodiaProcess.StartAsync(folder.File("restored"), settings, port);
        Canaries.FindIn(folder.File("restored"), AllCanaries).ShouldBeEmpty();
        using var http = TestClient(server.Url);
        using var ready = JsonDocument.Parse(await http.GetStringAsync("/health/ready"));
        ready.RootElement.GetProperty("status").GetString().ShouldBe("ready");
    }

    private static async Task<string> VerbAsync(Dictionary<string, string?> settings, params string[] args)
    {
        var (code, output, error) = await CustodiaProcess.RunAsync(args, settings);
        code.ShouldBe(0, $"{string.Join(' ', args)}\n{output}\n{error}");
        return output;
    }

    private static HttpClient TestClient(string url)
    {
#pragma warning disable RS0030 // The test looks from outside.
        return new HttpClient { BaseAddress = new Uri(url) };
#pragma warning restore RS0030
    }
}
