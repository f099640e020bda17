using System.Text.Json;
using System.Text.RegularExpressions;
using Custodia.Testing;
using Microsoft.Playwright;

namespace Custodia.Acceptance.Journey;

/// <summary>Headless Chromium, driven as a person would; what the console of the browser reports as an error fails the test.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Errors of the browser's console, policy violations among them.</summary>
    public List<string> Errors { get; } = [];

    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Engines.ChromiumPath,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new Browser(playwright, browser);
    }

    /// <summary>A person with cookies of their own.</summary>
    /// <param name="locale">Language of the browser.</param>
    /// <param name="width">Of the window, in CSS pixels.</param>
    public async Task<IPage> PersonAsync(string locale = "en", int width = 1280)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { Locale = locale, ViewportSize = new ViewportSize { Width = width, Height = 900 } });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            // A refused request is reported too; that it is refused is what some steps are about.
            if (message.Type == "error" && !message.Text.Contains("status of 403", StringComparison.Ordinal)) Errors.Add(message.Text);
        };
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>What the Development outbox holds.</summary>
internal sealed class Outbox(HttpClient http)
{
    /// <summary>The newest message to an address that matches; waits for it.</summary>
    public async Task<string> TextAsync(string to, string pattern)
    {
        for (var tries = 0; tries < 120; tries++)
        {
            using var document = JsonDocument.Parse(await http.GetStringAsync($"/outbox.json?to={Uri.EscapeDataString(to)}"));
            foreach (var message in document.RootElement.EnumerateArray())
            {
                var text = $"{message.GetProperty("subject").GetString()}\n{message.GetProperty("text").GetString()}";
                if (Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))) return text;
            }

            await Task.Delay(250);
        }

        throw new TimeoutException($"No message to {to} matches {pattern}.");
    }

    public async Task<string> CodeAsync(string to) =>
        Regex.Match(await TextAsync(to, @"\b\d{6}\b"), @"\b\d{6}\b", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)).Value;
}
