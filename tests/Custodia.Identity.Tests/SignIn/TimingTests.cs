using System.Diagnostics;
using Custodia.Identity.Passwords;
using Custodia.Identity.Tests.People;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.SignIn;

/// <summary>
/// The time of an answer does not tell whether somebody exists: interleaved tries with known and unknown names, compared by the rank
/// sum test (Mann and Whitney). The bound is generous, so that a busy machine does not fail it; what the dummy work saves is far beyond it.
/// </summary>
[Collection("timing")]
public sealed class TimingTests
{
    private const int Tries = 60;
    private const double Bound = 5;

    [Fact]
    public async Task Sign_in_takes_as_long_for_unknown_names()
    {
        await using var server = await StartAsync();
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-in");
        var z = await CompareAsync(
            () => visitor.PostAsync("/d/customers/sign-in", ("name", "ada@customers.example"), ("password", "not the password")),
            i => visitor.PostAsync("/d/customers/sign-in", ("name", $"nobody{i:D3}@customers.example"), ("password", "not the password")));
        Math.Abs(z).ShouldBeLessThan(Bound);
    }

    [Fact]
    public async Task Recovery_takes_as_long_for_unknown_addresses()
    {
        await using var server = await StartAsync();
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/recover");
        var z = await CompareAsync(
            () => visitor.PostAsync("/d/customers/recover", ("email", "ada@customers.example")),
            i => visitor.PostAsync("/d/customers/recover", ("email", $"nobody{i:D3}@customers.example")));
        Math.Abs(z).ShouldBeLessThan(Bound);
    }

    [Fact]
    public async Task Sign_up_takes_as_long_for_new_addresses()
    {
        await using var server = await StartAsync();
        var visitor = server.Visitor();
        await visitor.OpenAsync("/d/customers/sign-up");
        var z = await CompareAsync(
            () => visitor.PostAsync("/d/customers/sign-up", ("email", "ada@customers.example"), ("password", "a-quite-long-phrase")),
            i => visitor.PostAsync("/d/customers/sign-up", ("email", $"nobody{i:D3}@customers.example"), ("password", "a-quite-long-phrase")));
        Math.Abs(z).ShouldBeLessThan(Bound);
    }

    /// <summary>The test above sees what it is for: without the work that a known name costs, the answer is told apart.</summary>
    [Fact]
    public async Task The_comparison_sees_a_missing_hash()
    {
        await using var server = await StartAsync();
        var hashes = server.Services.GetRequiredService<PasswordHashes>();
        var password = PlainPassword.From("not the password")!;
        var stored = await hashes.HashAsync(PlainPassword.From("the password itself")!, default);
        var z = await CompareAsync(() => hashes.VerifyAsync(stored, password, default), _ => Task.CompletedTask);
        Math.Abs(z).ShouldBeGreaterThan(Bound);
    }

    // A cost at which a missing hash (10 ms and more) stands out from everything else that a request does.
    private static Task<PeopleServer> StartAsync() => PeopleServer.StartNewAsync(s => s.Settings["Custodia:Identity:PasswordIterations"] = "20000");

    private static async Task<double> CompareAsync(Func<Task> known, Func<int, Task> unknown)
    {
        for (var i = 0; i < 5; i++)
        {
            await known();
            await unknown(900 + i);
        }

        var (first, second) = (new double[Tries], new double[Tries]);
        for (var i = 0; i < Tries; i++)
        {
            // The order changes, so that whatever a request leaves behind for the next one falls on both.
            if (i % 2 == 0) first[i] = await TimeAsync(known);
            second[i] = await TimeAsync(() => unknown(i));
            if (i % 2 == 1) first[i] = await TimeAsync(known);
        }

        return Z(first, second);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>How many standard deviations the rank sum is away from what chance gives.</summary>
    private static double Z(double[] first, double[] second)
    {
        var ranked = first.Select(t => (Time: t, First: true)).Concat(second.Select(t => (Time: t, First: false))).OrderBy(t => t.Time).ToArray();
        double sum = 0;
        for (var i = 0; i < ranked.Length; i++) sum += ranked[i].First ? i + 1 : 0;
        double n = first.Length, m = second.Length;
        return (sum - (n * (n + m + 1) / 2)) / Math.Sqrt(n * m * (n + m + 1) / 12);
    }
}

[CollectionDefinition("timing", DisableParallelization = true)]
public sealed class TimingCollection;
