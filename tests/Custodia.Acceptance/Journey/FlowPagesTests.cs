using System.Text.RegularExpressions;
using Custodia.Acceptance.Pages;
using Custodia.Testing;
using Microsoft.Playwright;

namespace Custodia.Acceptance.Journey;

/// <summary>A developer makes a flow with nothing but the pages: from a mistake to a finished job.</summary>
public sealed partial class FlowPagesTests(CustodiaServer server) : IClassFixture<CustodiaServer>
{
    private const string Password = "just-for-the-demo";

    [EngineFact(Engines.Chromium)]
    public async Task A_flow_is_written_corrected_tried_deployed_and_run()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.PersonAsync();
        await page.GotoAsync($"{server.Url}/console");
        await page.FillAsync("input[name=name]", "developer");
        await page.FillAsync("input[name=password]", Password);
        await page.PressAsync("input[name=password]", "Enter");
        await page.ArrivesAsync(address => address.EndsWith("/console", StringComparison.Ordinal));

        await WriteAsync(page);
        await TryAsync(page);
        await RunAsync(page);
        browser.Errors.ShouldBeEmpty();
    }

    /// <summary>The mistake is named with its line beside the text, and what was written is kept.</summary>
    private async Task WriteAsync(IPage page)
    {
        await page.GotoAsync($"{server.Url}/console/flows/new");
        var text = await page.InputValueAsync("textarea[name=text]");
        var line = text[..text.IndexOf("respond:\n      status: 200", StringComparison.Ordinal)].Count(c => c == '\n') + 1;
        await page.FillAsync("input[name=group]", "Pages");
        await page.FillAsync("input[name=project]", "Greeting");
        await page.FillAsync("textarea[name=text]", text.Replace("respond:\n      status: 200", "respnd:\n      status: 200", StringComparison.Ordinal));
        await SaveAsync(page);
        await page.GetByText("Draft with errors").WaitForAsync();
        await page.GetByText($"{line}:5", new PageGetByTextOptions { Exact = true }).WaitForAsync();
        (await page.InputValueAsync("textarea[name=text]")).ShouldContain("respnd:");

        await page.FillAsync("textarea[name=text]", text);
        await SaveAsync(page);
        await page.GetByText("Checked", new PageGetByTextOptions { Exact = true }).WaitForAsync();
    }

    private static async Task TryAsync(IPage page)
    {
        await page.FillAsync("textarea[name=payload]", "{ \"name\": \"Ada\" }");
        await page.ClickAsync("main button:has-text('Try without calls')");
        await page.GetByText("Hello, Ada").WaitForAsync();
        (await page.GetByText("No jobs yet").CountAsync()).ShouldBe(1, "a trial runs nothing");
    }

    private static async Task RunAsync(IPage page)
    {
        await page.ClickAsync("main button:has-text('Deploy project')");
        await page.GetByText("Version 1 deployed").WaitForAsync();
        await page.FillAsync("textarea[name=payload]", "{ \"name\": \"Ada\" }");
        await page.ClickAsync("main button:has-text('Run version 1')");
        await page.ArrivesAsync(address => JobPage().IsMatch(address));
        for (var tries = 0; tries < 120 && !(await page.Locator("main").InnerTextAsync()).Contains("Done", StringComparison.Ordinal); tries++)
        {
            await Task.Delay(250);
            await page.ReloadAsync();
        }

        var job = await page.Locator("main").InnerTextAsync();
        job.ShouldContain("/steps/1");
        job.ShouldNotContain("Ada", customMessage: "what a job works on is sealed, and shown to whoever asks on the record");
    }

    private static async Task SaveAsync(IPage page)
    {
        await page.ClickAsync("main button:has-text('Save')");
        await page.WaitForLoadStateAsync();
    }

    [GeneratedRegex("/console/jobs/[0-9a-f]{32}(\\?.*)?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex JobPage();
}
