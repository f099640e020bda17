using System.Diagnostics;
using System.Globalization;
using System.Text;
using Custodia.Jq.Testing;
using Custodia.Jq.Tests.Conformance;

namespace Custodia.Jq.Tests.Fuzz;

/// <summary>
/// Random programs and inputs: no crash, no hang beyond a limit, no growth. A minute by default; ten minutes by
/// <c>CUSTODIA_FUZZ_MINUTES=10 dotnet test tests/Custodia.Jq.Tests --filter FullyQualifiedName~Fuzz</c>. A failure prints its seed;
/// <c>CUSTODIA_FUZZ_SEED=…</c> begins with it. Should the process itself die, the seed is in <c>custodia-jq-fuzz.txt</c> in the
/// temporary folder.
/// </summary>
public sealed class FuzzTests
{
    private const int Batch = 200;
    private const long MostMemory = 500L * 1024 * 1024;

    // On a machine that does other things besides.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);
    private static readonly double Minutes = double.Parse(Environment.GetEnvironmentVariable("CUSTODIA_FUZZ_MINUTES") ?? "1", CultureInfo.InvariantCulture);
    private static readonly ulong FirstSeed = ulong.Parse(Environment.GetEnvironmentVariable("CUSTODIA_FUZZ_SEED") ?? Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static readonly JqLimits[] Limits =
    [
        JqLimits.Default,
        new() { Steps = 100_000, Depth = 5_000, Outputs = 1_000, OutputSize = 256 * 1024, TextLength = 256 * 1024, Items = 50_000, Time = TimeSpan.FromMilliseconds(200) },
        new() { Steps = 5_000, Depth = 200, Outputs = 20, OutputSize = 4096, TextLength = 1024, Items = 100, Time = TimeSpan.FromMilliseconds(50) },
        new() { Steps = long.MaxValue, Time = TimeSpan.FromMilliseconds(100) },
    ];

    private static volatile string _program = "";

    [Fact]
    public void Programs_that_hurt_end_within_every_set_of_limits() => Watch((seed, count) =>
    {
        if (count >= ProgramGenerator.HostileCount * Limits.Length) return false;
        Run(ProgramGenerator.HostileAt(count / Limits.Length), "[1,{\"a\":[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"]}]", Limits[count % Limits.Length]);
        return true;
    });

    [Fact]
    public void Random_programs_end_within_their_limits_and_throw_nothing_else()
    {
        var (until, compiled, all) = (EndOf(0.7), 0, 0);
        Watch((seed, count) =>
        {
            var dice = new Dice(seed);
            var generator = new ProgramGenerator(dice);
            all++;
            if (Run(generator.Program(), generator.Input(), Limits[dice.OneIn(20) ? 0 : 1 + dice.Below(Limits.Length - 1)])) compiled++;
            return Stopwatch.GetTimestamp() < until;
        });
        compiled.ShouldBeGreaterThan(all / 10, "Too few of the programs are programs.");
    }

    [Fact]
    public void Texts_that_are_nearly_programs_are_compiled_or_refused()
    {
        var seeds = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Custodia.Jq.Tests", "Conformance"), "*.test").SelectMany(ProgramsOf).ToArray();
        seeds.Length.ShouldBeGreaterThan(300);
        var until = EndOf(0.3);
        Watch((seed, count) =>
        {
            var dice = new Dice(seed);
            Run(Spoil(dice, seeds), "[1,{\"a\":2}]", Limits[2]);
            return Stopwatch.GetTimestamp() < until;
        });
    }

    private static long EndOf(double share) => Stopwatch.GetTimestamp() + (long)(Minutes * 60 * share * Stopwatch.Frequency);

    private static IEnumerable<string> ProgramsOf(string file)
    {
        using var reader = new StreamReader(file);
        return JqTestFile.Read(reader).Select(test => test.Program);
    }

    /// <summary>Pieces of programs cut, doubled, exchanged and overwritten.</summary>
    private static string Spoil(Dice dice, string[] seeds)
    {
        var text = new StringBuilder(seeds[dice.Below(seeds.Length)]);
        for (var i = dice.Below(6); i >= 0; i--)
        {
            var at = dice.Below(text.Length + 1);
            var length = Math.Min(dice.Below(6), text.Length - at);
            switch (dice.Below(6))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, text.ToString(at, length));
                    break;
                case 2:
                    text.Insert(at, (char)dice.Below(dice.OneIn(4) ? 65536 : 128));
                    break;
                case 3:
                    text.Insert(at, dice.Of("(", ")", "[", "]", "{", "}", "\"", "\\(", "#", "|", ",", "?//", " as ", "$x", " def ", " if ", " end ", "reduce ", ";", ":", "..", "@json ", "1e99999", "\\ud800", "-", "import "));
                    break;
                case 4:
                    text.Insert(at, new StringBuilder().Insert(0, dice.Of("(", "[", "{a:", "-", "\"\\(", ".[", "if ", "def f: ", "1|", "1+", "1 as $x|", "try ", "label $a|"), dice.OneIn(3) ? 3000 : 40));
                    break;
                default:
                    var other = seeds[dice.Below(seeds.Length)];
                    text.Insert(at, other.AsSpan(0, dice.Below(other.Length + 1)));
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Whether it is a program. What is thrown but the two kinds of errors of a run fails the test.</summary>
    private static bool Run(string text, string input, JqLimits limits)
    {
        _program = text;
        if (JqProgram.Compile(text, ["x", "y"]) is not JqCompilation.Compiled { Program: var program }) return false;
        // Not only the walk over it must end: no place may be missed for want of time.
        program.Reads.ShouldNotBeNull();
        try
        {
            foreach (var output in program.Run(JqValue.Parse(input), new JqOptions { Limits = limits })) _ = output.Kind;
        }
        catch (Exception exception) when (exception is JqException or JqLimitException)
        {
            exception.Message.ShouldNotBeNull();
        }

        return true;
    }

    /// <summary>Calls an action with seed after seed on a thread of its own until it returns false, and watches how long each call takes.</summary>
    private static void Watch(Func<ulong, int, bool> action)
    {
        using var note = new FileStream(Path.Combine(Path.GetTempPath(), "custodia-jq-fuzz.txt"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 1);
        var (current, begun, failure) = (FirstSeed, Stopwatch.GetTimestamp(), (Exception?)null);
        var thread = new Thread(() =>
        {
            try
            {
                for (var count = 0; ; count++)
                {
                    current = FirstSeed + (ulong)count;
                    Volatile.Write(ref begun, Stopwatch.GetTimestamp());
                    note.Position = 0;
                    note.Write(Encoding.ASCII.GetBytes($"{current} case {count}\n"));
                    note.SetLength(note.Position);
                    if (!action(current, count)) return;
                    if (count % Batch == Batch - 1) MustBeSmall();
                }
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })
        { IsBackground = true };
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(100)))
        {
            var taken = Stopwatch.GetElapsedTime(Volatile.Read(ref begun));
            if (taken > JqLimits.Default.Time + Margin) Assert.Fail($"Seed {current} takes {taken.TotalSeconds:0.0} s and does not end: {_program}");
        }

        if (failure is not null) Assert.Fail($"Seed {current}: {_program}\n{failure}");
        MustBeSmall();
    }

    private static void MustBeSmall()
    {
        var live = GC.GetTotalMemory(forceFullCollection: true);
        if (live > MostMemory) Assert.Fail($"{live / 1024 / 1024} MiB are held between two runs.");
    }
}
