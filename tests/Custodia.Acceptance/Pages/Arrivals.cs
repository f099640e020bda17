using Microsoft.Playwright;

namespace Custodia.Acceptance.Pages;

/// <summary>
/// Waiting for a page by what the page itself says: Playwright for .NET now and then misses the event of a page that has loaded while
/// it begins to wait for it, and then waits for ever.
/// </summary>
internal static class Arrivals
{
    public static async Task ArrivesAsync(this IPage page, string address)
    {
        await page.WaitForURLAsync(address, new() { WaitUntil = WaitUntilState.Commit });
        await LoadedAsync(page);
    }

    public static async Task ArrivesAsync(this IPage page, Func<string, bool> isThere)
    {
        await page.WaitForURLAsync(isThere, new() { WaitUntil = WaitUntilState.Commit });
        await LoadedAsync(page);
    }

    private static Task LoadedAsync(IPage page) => page.WaitForFunctionAsync("document.readyState === 'complete'");
}
