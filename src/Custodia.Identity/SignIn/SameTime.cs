namespace Custodia.Identity.SignIn;

/// <summary>
/// Makes the time of an answer tell nothing about what was done for it: an answer leaves at a whole multiple of 100 ms after the
/// question, so sending a message and not sending one cannot be told apart.
/// </summary>
internal sealed class SameTime
{
    private const double Grid = 100;

    public async Task<T> AnswerAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        // What is waited for is what a stopwatch at the other end sees, whatever clock the server follows.
        var start = TimeProvider.System.GetTimestamp();
        var result = await work();
        var taken = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        await Task.Delay(TimeSpan.FromMilliseconds((Math.Ceiling((taken + 1) / Grid) * Grid) - taken), TimeProvider.System, cancellation);
        return result;
    }
}
