using System.Text;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Policy.Binding;
using Custodia.Server;
using Custodia.Testing;

namespace Custodia.Kernel.Tests.Policy;

/// <summary>The real policy against the real code: they agree, and no line of the policy can be taken away unnoticed.</summary>
public sealed class PolicyLinesTests : IClassFixture<PolicyLinesTests.RealCode>
{
    private readonly BoundCode _code;
    private readonly LoadedPolicy _policy = PolicyTexts.ReadReal().Policy!;
    private readonly HashSet<(string What, string Rule)> _known;

    public PolicyLinesTests(RealCode code)
    {
        _code = code.Code;
        _known = [.. PolicyBinding.Check(_policy, _code).Select(f => (f.What, f.Rule))];
    }

    public static TheoryData<string> Files => [.. Directory.GetFiles(PolicyTexts.RealFolder, "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_policy_and_the_code_agree() => PolicyBinding.Check(_policy, _code).ShouldBeEmpty();

    [Fact]
    public void Every_service_of_the_policy_is_checked_against_its_code() =>
        _policy.Services.Select(s => s.Service).Except(_code.Services).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_line_that_is_taken_away_is_missed(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(PolicyTexts.RealFolder, file));
        var unnoticed = Enumerable.Range(0, lines.Length)
            .Where(i => lines[i].Trim() is { Length: > 0 } line && !line.StartsWith('#'))
            .Where(i => !IsMissed($"policy/{file}", string.Join('\n', lines.Where((_, n) => n != i))))
            .Select(i => $"{file}:{i + 1}: {lines[i].Trim()}")
            .ToArray();
        unnoticed.ShouldBeEmpty();
    }

    private bool IsMissed(string name, string text)
    {
        var reading = PolicyLoader.Read([new PolicyFile(name, Encoding.UTF8.GetBytes(text))]);
        if (reading.Policy is null) return reading.Findings.All(f => f.Where.StartsWith(name + ":", StringComparison.Ordinal));
        var changed = reading.Policy.Services[0];
        var policy = _policy with { Services = [.. _policy.Services.Select(s => s.Service == changed.Service ? changed : s)] };
        return PolicyBinding.Check(policy, _code).Any(f => !_known.Contains((f.What, f.Rule)) && f.ToString().Contains(name, StringComparison.Ordinal));
    }

    public sealed class RealCode : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal BoundCode Code { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await using var app = CustodiaApp.Build([$"--Custodia:DataDirectory={_folder.File("data")}"]);
            Code = BoundCode.Of(app.Services);
        }

        public Task DisposeAsync()
        {
            _folder.Dispose();
            return Task.CompletedTask;
        }
    }
}
