using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Custodia.Server.Bench;

/// <summary>People who sign in with their password at the sign-in page, two at a time, one after the other.</summary>
internal sealed partial class SignInLoad(string url, string directory, int people, string password)
{
    private const int AtOnce = 2;

    private int _next;

    /// <summary>Signs people in until a task ends.</summary>
    public async Task<SignInFigures> RunAsync(Task until, CancellationToken cancellation)
    {
        var waits = new ConcurrentBag<double>();
        var failed = 0;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (!until.IsCompleted)
            {
                var start = Stopwatch.GetTimestamp();
                if (await SignInAsync(Interlocked.Increment(ref _next) % people, cancellation)) waits.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                else Interlocked.Increment(ref failed);
            }
        }));
        return SignInFigures.Of([.. waits], failed);
    }

    /// <summary>The page, then the form: what is timed is all that a person waits for.</summary>
    private async Task<bool> SignInAsync(int number, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        using var http = new HttpMessageInvoker(handler);
        var address = $"{url}/d/{directory}/sign-in";
        using var page = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, address), cancellation);
        var token = Token().Match(await page.Content.ReadAsStringAsync(cancellation)).Groups["token"].Value;
        using var form = new FormUrlEncodedContent(
        [
            new("name", string.Create(CultureInfo.InvariantCulture, $"p{number + 1}")), new("password", password), new("form-token", WebUtility.HtmlDecode(token)),
        ]);
        using var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = form }, cancellation);
        return answer.StatusCode == HttpStatusCode.SeeOther;
    }

    [GeneratedRegex("name=\"form-token\" value=\"(?<token>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}

/// <summary>Waits in milliseconds.</summary>
internal sealed record SignInFigures(int Done, int Failed, double Median, double P99, double Longest)
{
    public static SignInFigures Of(double[] waits, int failed)
    {
        Array.Sort(waits);
        return waits.Length == 0 ? new(0, failed, 0, 0, 0) : new(waits.Length, failed, waits[waits.Length / 2], waits[waits.Length * 99 / 100], waits[^1]);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Done:#,0} done, {Failed} failed, median {Median:0} ms, p99 {P99:0} ms, longest {Longest:0} ms");
}
