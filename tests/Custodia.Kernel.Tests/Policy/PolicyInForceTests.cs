using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Policy.InForce;
using Custodia.Testing;

namespace Custodia.Kernel.Tests.Policy;

/// <summary>A policy that deletes sooner waits for a named person.</summary>
public sealed class PolicyInForceTests : IDisposable
{
    private const string Triggers = "[{ age: P30D }, { on: ticket-closed, within: P7D }]";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new(frozen: true);

    private DataLayout Layout => new(new CustodiaOptions { DataDirectory = _folder.File("data") });

    [Fact]
    public void The_first_policy_is_in_force_at_once()
    {
        var policy = Start(PolicyTexts.Small);
        policy.Waiting.ShouldBeEmpty();
        policy.ForRetention.ShouldBeSameAs(policy.Loaded);
        policy.Confirmation.ShouldBe(new PolicyConfirmation(policy.Loaded.Sha256, "2026-11-21", "first start", _time.GetUtcNow()));
        File.ReadAllText(_folder.File("data", "policy", policy.Loaded.Sha256, "sample.yaml")).ShouldBe(PolicyTexts.Small);
    }

    [Theory]
    [InlineData("[{ age: P7D }, { on: ticket-closed, within: P7D }]", "P30D P7D", "deleteOn.age")]
    [InlineData("[{ age: P30D }, { on: ticket-closed, within: P1D }]", "P30D P7D", "deleteOn.ticket-closed")]
    [InlineData("[{ age: P30D }, { on: ticket-closed, within: P7D }, { on: dormant }]", "P30D P7D", "deleteOn.dormant")]
    [InlineData("[{ age: P1M }, { on: ticket-closed, within: P7D }]", "P30D P7D", "deleteOn.age")]
    [InlineData("[{ age: P7D }, { on: ticket-closed, within: P9D }]", "P30D P9D", "deleteOn.age")]
    public void A_policy_that_deletes_sooner_waits_and_retention_goes_by_the_longer(string triggers, string expected, string changed)
    {
        Start(PolicyTexts.Small);
        var policy = Start(PolicyTexts.With(Triggers, triggers));
        policy.Waiting.ShouldHaveSingleItem().Key.ShouldBe(changed);
        policy.Confirmation.ConfirmedBy.ShouldBe("first start");
        Limits(policy.ForRetention).ShouldBe(expected);
        policy.ForRetention.Sha256.ShouldBe(policy.Loaded.Sha256);
    }

    [Fact]
    public void A_shorter_deadline_waits()
    {
        var text = PolicyTexts.With("deadline: P1D", "deadline: P9D");
        Start(text);
        var policy = Start(PolicyTexts.Small);
        policy.Waiting.ShouldHaveSingleItem().Key.ShouldBe("deadline");
        policy.ForRetention.Category("sample.guest").Deadline.ShouldBe(new Period(0, 0, 9));
    }

    [Fact]
    public void A_dropped_category_is_kept_by_retention_until_it_is_confirmed()
    {
        var category = PolicyTexts.Small[PolicyTexts.Small.IndexOf("  - id:", StringComparison.Ordinal)..];
        Start(PolicyTexts.Small + "\n" + category.Replace("sample.guest", "sample.friend", StringComparison.Ordinal));
        var policy = Start(PolicyTexts.Small);
        policy.Waiting.ShouldHaveSingleItem().ToString().ShouldStartWith("sample.friend: category is gone");
        policy.ForRetention.TryCategory("sample.friend", out _).ShouldBeTrue();
        policy.Confirm("Ada Lovelace");
        policy.ForRetention.TryCategory("sample.friend", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("[{ age: P31D }, { on: ticket-closed, within: P7D }]")]
    [InlineData("[{ age: P30D }]")]
    [InlineData("[{ age: P1Y }, { on: ticket-closed, within: P1M }]")]
    public void A_policy_that_deletes_nothing_sooner_needs_nobody(string triggers)
    {
        Start(PolicyTexts.Small);
        var policy = Start(PolicyTexts.With(Triggers, triggers));
        policy.Waiting.ShouldBeEmpty();
        policy.ForRetention.ShouldBeSameAs(policy.Loaded);
        policy.Confirmation.Sha256.ShouldBe(policy.Loaded.Sha256);
    }

    [Fact]
    public void A_new_category_needs_nobody()
    {
        Start(PolicyTexts.Small);
        var category = PolicyTexts.Small[PolicyTexts.Small.IndexOf("  - id:", StringComparison.Ordinal)..];
        Start(PolicyTexts.Small + "\n" + category.Replace("sample.guest", "sample.friend", StringComparison.Ordinal)).Waiting.ShouldBeEmpty();
    }

    [Fact]
    public void A_named_person_puts_it_into_force_for_good()
    {
        Start(PolicyTexts.Small);
        var shorter = PolicyTexts.With("P30D", "P7D");
        Start(shorter).Confirm("Ada Lovelace").ShouldHaveSingleItem();
        var policy = Start(shorter);
        policy.Waiting.ShouldBeEmpty();
        policy.Confirmation.ConfirmedBy.ShouldBe("Ada Lovelace");
        Limits(policy.ForRetention).ShouldBe("P7D P7D");
    }

    [Fact]
    public void A_confirmation_replaces_the_one_before_and_nothing_keeps_its_name()
    {
        Start(PolicyTexts.Small);
        var data = _folder.File("data");
        Start(PolicyTexts.With("P30D", "P7D")).Confirm("Ada Lovelace");
        Holding("Ada Lovelace").ShouldHaveSingleItem();
        Start(PolicyTexts.With("P30D", "P6D")).Confirm("Grace Hopper");
        Holding("Grace Hopper").ShouldHaveSingleItem();
        Holding("Ada Lovelace").ShouldBeEmpty();

        IEnumerable<string> Holding(string name) =>
            Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Where(file => File.ReadAllText(file).Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_running_server_sees_the_confirmation_of_another_process()
    {
        Start(PolicyTexts.Small);
        var shorter = PolicyTexts.With("P30D", "P7D");
        var server = Start(shorter);
        server.Waiting.ShouldNotBeEmpty();
        File.SetLastWriteTimeUtc(_folder.File("data", "policy", "in-force.json"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Start(shorter).Confirm("Ada Lovelace");
        server.Waiting.ShouldBeEmpty();
        Limits(server.ForRetention).ShouldBe("P7D P7D");
    }

    [Fact]
    public void Going_back_to_the_policy_in_force_ends_the_wait()
    {
        Start(PolicyTexts.Small);
        Start(PolicyTexts.With("P30D", "P7D")).Waiting.ShouldNotBeEmpty();
        Start(PolicyTexts.Small).Waiting.ShouldBeEmpty();
    }

    [Fact]
    public void A_copy_that_was_changed_or_lost_stops_the_start_until_somebody_confirms()
    {
        var copy = _folder.File("data", "policy", Start(PolicyTexts.Small).Loaded.Sha256, "sample.yaml");
        var shorter = PolicyTexts.With("P30D", "P7D");
        File.WriteAllText(copy, PolicyTexts.With("P30D", "P1D"));
        Should.Throw<PolicyException>(() => Start(shorter)).Message.ShouldContain("was changed");
        Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
        Should.Throw<PolicyException>(() => Start(shorter)).Message.ShouldContain("missing");
        File.WriteAllText(_folder.File("data", "policy", "in-force.json"), "{");
        Should.Throw<PolicyException>(() => Start(shorter)).Message.ShouldContain("cannot be read");
        New(shorter).Confirm("Ada Lovelace");
        Start(shorter).Confirmation.ConfirmedBy.ShouldBe("Ada Lovelace");
    }

    [Fact]
    public void A_difference_is_said_field_by_field()
    {
        var after = PolicyTexts.With("access: [owner, subject]", "access: [owner]")
            .Replace("protection: sealed", "protection: plain", StringComparison.Ordinal)
            .Replace("name: email-index", "name: index", StringComparison.Ordinal)
            .Replace("P30D", "P7D", StringComparison.Ordinal);
        var changes = PolicyDiff.Of(PolicyTexts.Load(PolicyTexts.Small), PolicyTexts.Load(after));
        changes.Select(c => c.Key).ShouldBe(["deleteOn.age", "access", "fields.email", "fields.email-index", "fields.index"], ignoreOrder: true);
        changes.Where(c => c.DeletesSooner).ShouldHaveSingleItem().ToString().ShouldBe("sample.guest: deleteOn.age: P30D -> P7D");
        changes.Single(c => c.Key == "access").ToString().ShouldBe("sample.guest: access: owner, subject -> owner");
    }

    public void Dispose() => _folder.Dispose();

    private PolicyInForce Start(string text)
    {
        var policy = New(text);
        _ = policy.Waiting;
        return policy;
    }

    private PolicyInForce New(string text)
    {
        Layout.Create();
        return new PolicyInForce(new ConfirmationStore(Layout), new PolicySource([PolicyTexts.File(text)], PolicyTexts.Load(text)), _time);
    }

    private static string Limits(LoadedPolicy policy) => string.Join(' ', policy.Category("sample.guest").DeleteOn.Select(t => t switch
    {
        DeletionTrigger.Age age => age.Period.ToString(),
        DeletionTrigger.Event e => e.Within.ToString(),
        _ => t.Name,
    }));
}
