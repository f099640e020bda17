using Custodia.Console.Tests.Support;
using Microsoft.Playwright;

namespace Custodia.Console.Tests;

[Collection(LookCollection.Name)]
public sealed class BrowserTests(LookHost host, BrowserHost browser) : IClassFixture<BrowserHost>, IAsyncLifetime
{
    private readonly List<string> _complaints = [];
    private IPage? _page;

    private IPage Tab => _page ?? throw new InvalidOperationException("The browser has not started.");

    public async Task InitializeAsync()
    {
        if (browser.Chromium is null)
            return;
        Assertions.SetDefaultExpectTimeout(60_000);
        _page = await browser.Chromium.NewPageAsync();
        _page.SetDefaultTimeout(60_000);
        _page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Add(message.Text);
        };
        _page.PageError += (_, error) => _complaints.Add(error);
    }

    public async Task DisposeAsync()
    {
        if (_page is not null)
            await _page.CloseAsync();
    }

    [BrowserFact]
    public async Task Scripts_and_charts_run_under_the_policy()
    {
        await OpenAsync("/console/everything");

        await Assertions.Expect(Tab.Locator("figure canvas")).ToHaveCountAsync(3);
        await Assertions.Expect(Tab.Locator("time[data-relative]")).Not.ToHaveCountAsync(0);
        await Tab.Locator("#ask > summary").ClickAsync();
        (await Tab.Locator("#ask dialog").EvaluateAsync<bool>("d => d.matches(':modal')")).ShouldBeTrue();
        (await Tab.Locator("#ask dialog").EvaluateAsync<bool>("d => d.contains(document.activeElement) && !document.activeElement.matches('.btn-danger')")).ShouldBeTrue();
        await Tab.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Tab.Locator("#ask[open]")).ToHaveCountAsync(0);
        _complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task The_policy_stops_what_it_forbids()
    {
        await OpenAsync("/public");

        await Tab.EvaluateAsync("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')");
        await Tab.EvaluateAsync("setTimeout(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s); })");
        // The complaints come by themselves, later on a busy machine; then there is time for one too many.
        for (var tries = 0; tries < 300 && _complaints.Count < 2; tries++) await Tab.WaitForTimeoutAsync(100);
        await Tab.WaitForTimeoutAsync(200);

        (await Tab.EvaluateAsync<bool>("window.ran === undefined")).ShouldBeTrue();
        _complaints.Count.ShouldBe(2);
        _complaints.ShouldAllBe(c => c.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task A_filter_replaces_the_table_and_nothing_else()
    {
        await OpenAsync("/console/rooms?older=%2Fconsole%2Frooms%3Fcount%3D1");
        await Tab.EvaluateAsync("window.held = true");

        await Tab.Locator(".pager-older").ClickAsync();
        await Assertions.Expect(Tab.Locator("#rooms tbody tr")).ToHaveCountAsync(1);
        (await Tab.Locator("#rooms").EvaluateAsync<bool>("r => r.contains(document.activeElement)")).ShouldBeTrue("the pager had the focus");
        await Tab.Locator("#q").FillAsync("blue");
        await Assertions.Expect(Tab.Locator("#rooms tbody tr")).ToHaveCountAsync(3);

        new Uri(Tab.Url).PathAndQuery.ShouldBe("/console/rooms?q=blue");
        (await Tab.EvaluateAsync<bool>("window.held")).ShouldBeTrue();
        (await Tab.Locator("#q").EvaluateAsync<bool>("q => q === document.activeElement")).ShouldBeTrue();
        _complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task A_part_that_leads_elsewhere_takes_the_whole_page_there()
    {
        await OpenAsync("/console/rooms?older=%2Fleft");

        await Tab.Locator(".pager-older").ClickAsync();

        await Assertions.Expect(Tab.Locator("h1")).ToHaveTextAsync("Sign in");
        new Uri(Tab.Url).AbsolutePath.ShouldBe("/small");
    }

    [BrowserFact]
    public async Task A_part_that_fails_says_so_and_leaves_the_page_as_it_is()
    {
        await OpenAsync("/console/rooms?older=%2Fbroken");

        await Tab.Locator(".pager-older").ClickAsync();

        await Assertions.Expect(Tab.Locator(".toast")).ToBeVisibleAsync();
        await Assertions.Expect(Tab.Locator("#rooms tbody tr")).ToHaveCountAsync(3);
    }

    [BrowserFact]
    public async Task On_a_small_screen_nothing_is_cut_off_and_the_navigation_opens()
    {
        await Tab.SetViewportSizeAsync(360, 740);
        foreach (var path in (string[])["/public", "/small", "/own", "/console/rooms", "/console/everything"])
        {
            await OpenAsync(path);
            (await Tab.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(360, path);
        }

        await OpenAsync("/own");
        (await Tab.Locator(".user-button .user-name").EvaluateAsync<string>("name => getComputedStyle(name).display")).ShouldNotBe("none", "the button has no other name");
        await OpenAsync("/console/everything");
        await Assertions.Expect(Tab.Locator("#side")).ToBeHiddenAsync();
        await Tab.Locator(".console-bar [popovertarget=side]").ClickAsync();
        await Assertions.Expect(Tab.Locator("#side")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_table_wider_than_its_place_takes_the_focus_under_its_name()
    {
        await OpenAsync("/console/rooms");
        var frame = Tab.Locator(".table-scroll");
        (await frame.GetAttributeAsync("tabindex")).ShouldBeNull();

        await Tab.EvaluateAsync("document.querySelector('.table').style.minWidth = '3000px'");
        await Tab.SetViewportSizeAsync(1000, 740);

        await Assertions.Expect(frame).ToHaveAttributeAsync("tabindex", "0");
        await Assertions.Expect(frame).ToHaveAttributeAsync("aria-label", await Tab.Locator("caption").TextContentAsync() ?? "?");
    }

    [BrowserFact]
    public async Task A_choice_of_theme_holds_on_the_next_page()
    {
        await OpenAsync("/public");
        await Tab.Locator(".menu > summary").ClickAsync();
        await Tab.Locator("button[value=dark]").ClickAsync();
        await OpenAsync("/own");

        (await Tab.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor")).ShouldBe("rgb(15, 20, 19)");
    }

    private Task OpenAsync(string path) =>
        Tab.GotoAsync(new Uri(host.Address, path).AbsoluteUri, new() { WaitUntil = WaitUntilState.NetworkIdle });
}
