using System.Diagnostics;

namespace Custodia.Identity.Tests.People;

/// <summary>Waits for what happens in the background.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, int seconds = 60)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > seconds) throw new TimeoutException("It did not happen.");
            await Task.Delay(50);
        }
    }
}
