using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Policy.Binding;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Streams;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Tests.Policy;

/// <summary>Each way in which code and policy can disagree is found and named.</summary>
public sealed class PolicyBindingTests
{
    private static readonly BoundCode Good = Code<Guest>();

    [Fact]
    public void Code_that_agrees_with_the_policy_has_no_findings() => Check(PolicyTexts.Small, Good).ShouldBeEmpty();

    [Fact]
    public void A_column_without_a_line_is_named() =>
        Check(PolicyTexts.Small, Code<GuestWithColour>()).ShouldHaveSingleItem().ToString()
            .ShouldMatch(@"GuestWithColour\.Colour: sample\.guest\.colour: is stored, but has no line.*policy/sample\.yaml:8");

    [Fact]
    public void A_table_without_a_category_is_named() =>
        Check(PolicyTexts.Small, Code<Guest, Unlabelled>()).Select(f => f.Where).ShouldBe(
            [typeof(Unlabelled).FullName!.Replace('+', '.') + ".Id", typeof(Unlabelled).FullName!.Replace('+', '.') + ".Note"], ignoreOrder: true);

    [Fact]
    public void A_category_that_the_policy_does_not_have_is_named() =>
        Check(PolicyTexts.Small, Code<Guest, Stranger>()).ShouldHaveSingleItem().ToString().ShouldContain("Stranger.Id: sample.stranger: is stored, but policy/sample.yaml has no such category");

    [Fact]
    public void A_log_field_without_a_line_is_named() =>
        Check(PolicyTexts.Small, Good with { Streams = [StreamShape.Of(typeof(GuestLog))] }).ShouldContain(f => f.Where.EndsWith("GuestLog.Mood", StringComparison.Ordinal));

    [Fact]
    public void An_event_field_without_a_line_is_named() =>
        Check(PolicyTexts.Small, Good with { Events = [EventShape.Of(typeof(GuestCame))] }).ShouldHaveSingleItem().Where.ShouldEndWith("GuestCame.Mood");

    [Fact]
    public void A_shape_field_without_a_line_is_named() =>
        Check(PolicyTexts.Small, Good with { Shapes = [new ShapeRegistration("sample", typeof(GuestCard))] }).ShouldHaveSingleItem().Where.ShouldEndWith("GuestCard.Colour");

    [Fact]
    public void A_line_without_a_field_is_named() =>
        Check(PolicyTexts.Small + Field("colour"), Good).ShouldHaveSingleItem().ToString()
            .ShouldStartWith("policy/sample.yaml:25: sample.guest.colour: the line has no field");

    [Fact]
    public void A_line_that_its_log_has_no_property_for_is_named()
    {
        var log = Good with { Streams = [StreamShape.Of(typeof(GuestLog))] };
        Check(PolicyTexts.Small + Field("mood"), log).ShouldContain(f => f.Where == "policy/sample.yaml:23" && f.Rule.Contains("GuestLog has no property", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plain_column_cannot_hold_what_the_policy_seals() =>
        Check(PolicyTexts.Small, Code<GuestInTheOpen>()).ShouldHaveSingleItem().ToString()
            .ShouldMatch(@"policy/sample\.yaml:23: sample\.guest\.email: protection is sealed, but .*GuestInTheOpen\.Email is String");

    [Fact]
    public void A_sealed_column_cannot_hold_what_the_policy_leaves_plain() =>
        Check(PolicyTexts.With("term: \"pd:EmailAddress\", personal: true", "term: \"dpv:NonPersonalData\", personal: false").Replace("sealed, lookup: exact", "plain, lookup: exact", StringComparison.Ordinal), Good)
            .ShouldHaveSingleItem().Rule.ShouldContain("protection is plain");

    [Fact]
    public void A_switchable_column_holds_either() =>
        Check(PolicyTexts.Small, Code<GuestSwitchable>()).ShouldBeEmpty();

    [Fact]
    public void A_plain_personal_column_needs_an_owner_for_the_backup() =>
        Check(PolicyTexts.With("protection: sealed, lookup: exact", "protection: plain, lookup: exact"), Code<GuestInTheOpen>())
            .ShouldHaveSingleItem().Rule.ShouldContain("must implement IOwnedData");

    [Fact]
    public void An_optional_field_needs_a_column_that_may_be_empty() =>
        Check(PolicyTexts.With("\"dpv:NonPersonalData\", personal: false, modifiable: false, mandatory: true", "\"dpv:NonPersonalData\", personal: false, modifiable: false, mandatory: false"), Good)
            .ShouldHaveSingleItem().Rule.ShouldContain("Guest.Id cannot be null");

    [Fact]
    public void A_sealed_column_that_is_looked_up_needs_an_index() =>
        Check(PolicyTexts.Small.Replace("- { name: email-index", "- { name: other", StringComparison.Ordinal), Code<GuestWithoutIndex>())
            .ShouldHaveSingleItem().Rule.ShouldContain("has no index column");

    [Fact]
    public void An_index_beside_a_column_that_is_not_looked_up_is_named() =>
        Check(PolicyTexts.With("lookup: exact", "lookup: none"), Good).ShouldHaveSingleItem().Rule.ShouldContain("lookup is none, but there is an index column");

    [Fact]
    public void A_lookup_by_prefix_has_hashes_of_prefixes_and_no_index()
    {
        var rules = Check(PolicyTexts.With("lookup: exact", "lookup: prefix"), Good).Select(f => f.Rule).ToArray();
        rules.Length.ShouldBe(2);
        rules.ShouldContain(r => r.Contains("lookup is prefix, but no column holds", StringComparison.Ordinal));
        rules.ShouldContain(r => r.Contains("lookup is prefix, but there is an index column", StringComparison.Ordinal));
    }

    [Fact]
    public void A_trigger_that_nothing_enforces_is_named() =>
        Check(PolicyTexts.Small, Good with { Rules = [Good.Rules[0]] }).ShouldHaveSingleItem().ToString()
            .ShouldBe("policy/sample.yaml:8: sample.guest.deleteOn: nothing enforces 'ticket-closed': no IRetentionRule is registered for it.");

    [Fact]
    public void A_rule_for_a_trigger_that_the_policy_does_not_have_is_named() =>
        Check(PolicyTexts.Small, Good with { Rules = [.. Good.Rules, new BoundRule("sample.guest", "dormant", typeof(string))] })
            .ShouldHaveSingleItem().ToString().ShouldContain("System.String: sample.guest.deleteOn: enforces 'dormant', which the policy does not name in policy/sample.yaml:8");

    [Fact]
    public void Two_rules_for_one_trigger_are_named() =>
        Check(PolicyTexts.Small, Good with { Rules = [.. Good.Rules, Good.Rules[0] with { Type = typeof(string) }] }).ShouldHaveSingleItem().Rule.ShouldContain("a second time");

    [Fact]
    public void Erasure_of_a_person_needs_subject_data_of_the_module()
    {
        var text = PolicyTexts.With("{ on: ticket-closed, within: P7D }", "{ on: account-deleted }");
        var code = Good with { Rules = [Good.Rules[0]] };
        Check(text, code).ShouldHaveSingleItem().Rule.ShouldContain("registers no subject data");
        Check(text, code with { SubjectData = ["sample"] }).ShouldBeEmpty();
    }

    [Fact]
    public void A_log_in_the_wrong_storage_or_not_durable_enough_is_named()
    {
        var text = (PolicyTexts.Small + Field("mood")).Replace("main-store", "audit-stream", StringComparison.Ordinal);
        var rules = Check(text, Good with { Streams = [StreamShape.Of(typeof(GuestLog))] }).Select(f => f.Rule).ToArray();
        rules.ShouldContain(r => r.Contains("GuestLog is Batched", StringComparison.Ordinal));
        rules.ShouldContain(r => r.Contains("kept in the audit-stream, but", StringComparison.Ordinal));
    }

    [Fact]
    public void A_module_without_a_policy_file_is_named() =>
        Check(PolicyTexts.Small, Good with { Models = [.. Good.Models, new BoundModel("nameless", Good.Models[0].Model)] })
            .ShouldHaveSingleItem().ToString().ShouldBe("policy/nameless.yaml: the module nameless stores data, but has no policy file.");

    private static IReadOnlyList<PolicyFinding> Check(string text, BoundCode code) => PolicyBinding.Check(PolicyTexts.Load(text), code);

    private static string Field(string name) =>
        $"\n      - {{ name: {name}, en: More, zh: 更多, term: \"dpv:NonPersonalData\", personal: false, modifiable: false, mandatory: true, protection: plain, lookup: none, mask: full }}";

    private static BoundCode Code<TEntity>()
        where TEntity : class => Code(model => model.Entity<TEntity>());

    private static BoundCode Code<TEntity, TOther>()
        where TEntity : class
        where TOther : class => Code(model =>
    {
        model.Entity<TEntity>();
        model.Entity<TOther>();
    });

    private static BoundCode Code(Action<ModelBuilder> configure)
    {
        using var context = new FixtureContext(configure);
        return new BoundCode(
            [new BoundModel("sample", context.Model)],
            [],
            [],
            [],
            [new BoundRule("sample.guest", "age", typeof(PolicyBindingTests)), new BoundRule("sample.guest", "ticket-closed", typeof(PolicyBindingTests))],
            []);
    }

    private sealed class FixtureContext(Action<ModelBuilder> configure) : DbContext
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder
            .UseSqlite("Data Source=:memory:")
            .ReplaceService<Microsoft.EntityFrameworkCore.Infrastructure.IModelCacheKeyFactory, NoCache>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) => configure(modelBuilder);

        protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
            configurationBuilder.Properties<Sealed<string>>().HaveConversion<SealedText>();
    }

    private sealed class NoCache : Microsoft.EntityFrameworkCore.Infrastructure.IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) => new();
    }

    [Category("sample.guest")]
    private sealed class Guest
    {
        public Guid Id { get; init; }

        public Sealed<string>? Email { get; set; }

        public byte[]? EmailIndex { get; set; }
    }

    [Category("sample.guest")]
    private sealed class GuestWithColour
    {
        public Guid Id { get; init; }

        public Sealed<string>? Email { get; set; }

        public byte[]? EmailIndex { get; set; }

        public string? Colour { get; set; }
    }

    [Category("sample.guest")]
    private sealed class GuestInTheOpen
    {
        public Guid Id { get; init; }

        public string? Email { get; set; }

        public byte[]? EmailIndex { get; set; }
    }

    [Category("sample.guest")]
    private sealed class GuestSwitchable
    {
        public Guid Id { get; init; }

        [Field("email", Switchable = true)]
        public byte[]? Email { get; set; }

        public byte[]? EmailIndex { get; set; }
    }

    [Category("sample.guest")]
    private sealed class GuestWithoutIndex
    {
        public Guid Id { get; init; }

        public Sealed<string>? Email { get; set; }

        public string? Other { get; set; }
    }

    private sealed class Unlabelled
    {
        public Guid Id { get; init; }

        public string? Note { get; set; }
    }

    [Category("sample.stranger")]
    private sealed class Stranger
    {
        public Guid Id { get; init; }
    }

    [Stream("sample.guest", Durability.Batched)]
    private sealed record GuestLog : LogRecord
    {
        [Field("id")]
        [LogRole(LogRole.Time)]
        public required DateTimeOffset At { get; init; }

        public required string Mood { get; init; }
    }

    [Event("sample.guest.came", 1)]
    [Category("sample.guest")]
    private sealed record GuestCame(Guid Id, [Field("email")] string Address, string Mood);

    [Category("sample.guest")]
    private sealed record GuestCard(Guid Id, string? Colour);
}
