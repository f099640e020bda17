using Custodia.Tickets.Erasure;

namespace Custodia.Tickets.Tests.Erasure;

public sealed class IdentifiersTests
{
    private static readonly Identifiers Zoe = new(["zoe.canary", "Zoe Canary", "王小明"], ["zoe@example.com"], ["+8613800138000", "+14155552671"]);

    [Theory]
    [InlineData("Dear Zoe Canary,", "Dear [x],")]
    [InlineData("Dear Zoe,", "Dear [x],")]
    [InlineData("ZOE  CANARY wrote", "[x] wrote")]
    [InlineData("user zoe.canary!", "user [x]!")]
    [InlineData("mail ZOE@Example.com.", "mail [x].")]
    [InlineData("mail z\u200boe@example.com", "mail [x]")]
    [InlineData("你好王小明，请查收", "你好[x]，请查收")]
    [InlineData("电话13800138000", "电话[x]")]
    [InlineData("+86 138-0013-8000", "[x]")]
    [InlineData("（１３８００１３８０００）", "（[x]）")]
    [InlineData("(415) 555-2671", "([x]")]
    public void What_a_person_is_known_by_is_removed_in_any_spelling(string text, string without) =>
        Zoe.RemoveFrom(text, "[x]").ShouldBe(without);

    [Theory]
    [InlineData("zoec anary")]
    [InlineData("canaryland")]
    [InlineData("913800138000123")]
    [InlineData("a canary in a mine")]
    [InlineData("")]
    public void What_only_resembles_the_person_stays(string text) => Zoe.RemoveFrom(text, "[x]").ShouldBeSameAs(text);

    [Fact]
    public void Nobody_known_changes_nothing()
    {
        var nobody = new Identifiers([null, "Li"], [null, ""], [null, "12"]);
        nobody.RemoveFrom("Li 12", "[x]").ShouldBe("Li 12");
    }
}
