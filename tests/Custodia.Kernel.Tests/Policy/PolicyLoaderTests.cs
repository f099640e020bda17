using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Tests.Policy;

public sealed class PolicyLoaderTests
{
    [Fact]
    public void A_good_file_is_read_whole()
    {
        var category = PolicyTexts.Load(PolicyTexts.Small).Category("sample.guest");
        category.Title.Zh.ShouldBe("访客");
        category.Line.ShouldBe(8);
        category.DeleteOn.ShouldBe([new DeletionTrigger.Age(new Period(0, 0, 30), null), new DeletionTrigger.Event("ticket-closed", new Period(0, 0, 7))]);
        category.Field("email").ShouldBe(new PolicyField(
            "email", new LocalText("Email", "邮箱"), "pd:EmailAddress", true, true, false, Protection.Sealed, Lookup.Exact, MaskKind.Email, 23));
    }

    public static TheoryData<string, string, string, string> Mistakes => new()
    {
        { "role: controller", "rolle: controller", "policy/sample.yaml:11", "'rolle' is not known" },
        { "role: controller", "rolle: controller", "policy/sample.yaml:8", "'role' is missing" },
        { "role: controller", "role: owner", "policy/sample.yaml:11", "'role' does not know 'owner'" },
        { "storage: main-store", "storage: cupboard", "policy/sample.yaml:14", "'storage' does not know 'cupboard'" },
        { "storage: main-store", "storage: message-broker", "policy/sample.yaml:14", "on the way only" },
        { "storage: main-store", "storage: key-store", "policy/sample.yaml:15", "never part of a backup" },
        { "backup: true", "backup: yes", "policy/sample.yaml:15", "must be true or false" },
        { "backup: true", "backup: \"true\"", "policy/sample.yaml:15", "must be true or false" },
        { "access: [owner, subject]", "access: [owner, boss]", "policy/sample.yaml:18", "'access' does not know 'boss'" },
        { "access: [owner, subject]", "access: [owner, owner]", "policy/sample.yaml:18", "twice" },
        { "access: [owner, subject]", "access: []", "policy/sample.yaml:18", "at least one" },
        { "subjects: [user]", "subjects: [{ user: true }]", "policy/sample.yaml:10", "list of words" },
        { "age: P30D", "age: 30 days", "policy/sample.yaml:19", "must be a period" },
        { "age: P30D", "age: P0D", "policy/sample.yaml:19", "at least a day" },
        { "on: ticket-closed, within", "on: full-moon, within", "policy/sample.yaml:19", "does not know 'full-moon'" },
        { "{ age: P30D }", "{ age: P30D, on: ticket-closed }", "policy/sample.yaml:19", "either 'age' or 'on'" },
        { "{ age: P30D }", "{ age: P30D, within: P1D }", "policy/sample.yaml:19", "'within' goes with 'on'" },
        { "{ age: P30D }", "{ on: ticket-closed }", "policy/sample.yaml:19", "'ticket-closed' is written twice" },
        { "[{ age: P30D }, { on: ticket-closed, within: P7D }]", "[]", "policy/sample.yaml:19", "at least one entry" },
        { "{ on: ticket-closed, within: P7D }", "{ on: never }", "policy/sample.yaml:19", "'never' stands alone" },
        { "dpv:CustomerCare", "dpv:Gossip", "policy/sample.yaml:12", "not a purpose of DPV" },
        { "pd:EmailAddress", "pd:Mail", "policy/sample.yaml:23", "not a kind of data of DPV" },
        { "pd:EmailAddress", "dpv:NonPersonalData", "policy/sample.yaml:23", "a personal field cannot be" },
        { "name: email-index", "name: email", "policy/sample.yaml:24", "the field 'email' is written twice" },
        { "name: email,", "name: E_Mail,", "policy/sample.yaml:23", "kebab-case" },
        { "id: sample.guest", "id: other.guest", "policy/sample.yaml:8", "must be 'sample.'" },
        { "legalBasis: contract", "legalBasis: because", "policy/sample.yaml:13", "does not know 'because'" },
        { "schema: 1", "schema: 2", "policy/sample.yaml:1", "reads schema 1" },
        { "service: sample", "service: simple", "policy/sample.yaml:2", "called as its file" },
        { "version: 2026-11-21", "version: latest", "policy/sample.yaml:3", "must be a date" },
        { "deadline: P1D", "deadline: P1D\n    deadline: P2D", "policy/sample.yaml:21", "written twice" },
        { "{ en: Sample, zh: 样例 }", "Sample", "policy/sample.yaml:4", "must be a mapping" },
        { "recipients: []", "recipients: &all []", "policy/sample.yaml:17", "anchors" },
        { "categories:", "categories: [", "policy/sample.yaml", "not YAML" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_with_its_line_and_rule(string good, string bad, string where, string rule)
    {
        var reading = PolicyTexts.Read(PolicyTexts.With(good, bad));
        reading.Policy.ShouldBeNull();
        reading.Findings.ShouldContain(f => f.Where.StartsWith(where, StringComparison.Ordinal) && f.Rule.Contains(rule, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_and_name_category_and_field()
    {
        var text = PolicyTexts.With("role: controller", "role: owner").Replace("pd:EmailAddress", "pd:Mail", StringComparison.Ordinal).Replace("P30D", "soon", StringComparison.Ordinal);
        PolicyTexts.Read(text).Findings.Select(f => f.What).ShouldBe(["sample.guest", "sample.guest", "sample.guest.email"], ignoreOrder: true);
    }

    [Fact]
    public void A_category_cannot_be_written_twice()
    {
        var category = PolicyTexts.Small[PolicyTexts.Small.IndexOf("  - id:", StringComparison.Ordinal)..];
        var finding = PolicyTexts.Read(PolicyTexts.Small + "\n" + category).Findings.ShouldHaveSingleItem();
        finding.ToString().ShouldBe("policy/sample.yaml:25: sample.guest: the category is already on line 8 of policy/sample.yaml.");
    }

    [Fact]
    public void A_file_that_is_not_UTF_8_is_a_finding() =>
        PolicyLoader.Read([new PolicyFile("policy/sample.yaml", [0xC3, 0x28])]).Findings.ShouldHaveSingleItem().Rule.ShouldContain("UTF-8");

    [Fact]
    public void An_empty_or_missing_folder_is_a_finding()
    {
        PolicyLoader.Read([]).Findings.ShouldHaveSingleItem();
        PolicyLoader.Load(Path.Combine(Path.GetTempPath(), "there-is-no-such-policy")).Findings.ShouldHaveSingleItem();
    }

    [Fact]
    public void Every_word_of_the_policy_has_a_text_in_both_languages()
    {
        var (en, zh) = (Keys("en"), Keys("zh"));
        en.ShouldNotBeEmpty();
        zh.ShouldBe(en, ignoreOrder: true);

        static string[] Keys(string language) =>
            [.. PolicyWords.Resources.GetResourceSet(language == "en" ? System.Globalization.CultureInfo.InvariantCulture : new(language), true, false)!
                .Cast<System.Collections.DictionaryEntry>().Select(e => (string)e.Key)];
    }
}
