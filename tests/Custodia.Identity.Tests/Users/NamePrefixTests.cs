using Custodia.Identity.Users;
using FsCheck;
using FsCheck.Fluent;

namespace Custodia.Identity.Tests.Users;

public sealed class NamePrefixTests
{
    [Theory]
    [InlineData("Ada Lovelace", "ad,ada,lo,lov,love,lovel,lovela,lovelac,lovelace")]
    [InlineData("  ＡＤＡ ", "ad,ada")]
    [InlineData("Jean-Luc", "je,jea,jean,lu,luc")]
    [InlineData("J", "")]
    [InlineData("王小明", "王,王小,王小明,小,小明,明")]
    [InlineData("王Wei", "王,we,wei")]
    [InlineData("김철수", "김,김철,김철수,철,철수,수")]
    [InlineData("!?", "")]
    public void A_name_is_found_by_these_beginnings(string name, string expected) => string.Join(',', NamePrefixes.Of(name)).ShouldBe(expected);

    [Theory]
    [InlineData("lov AD", "lov,ad")]
    [InlineData("lovelaceandmore", "lovelace")]
    [InlineData("a", "")]
    [InlineData("ada b", "")]
    [InlineData("小", "小")]
    [InlineData(" , ", "")]
    public void A_search_looks_for_these(string typed, string expected) => string.Join(',', NamePrefixes.Sought(typed)).ShouldBe(expected);

    [Fact]
    public void Whatever_a_name_is_its_beginnings_are_few_and_short_and_its_own_beginning_finds_it()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), name =>
        {
            // A text with half a character is no name: profiles refuse it.
            if (name.Get.EnumerateRunes().Any(r => r == System.Text.Rune.ReplacementChar)) return true;
            var all = NamePrefixes.Of(name.Get);
            var sought = NamePrefixes.Sought(name.Get);
            return all.Count <= NamePrefixes.Most
                && all.Distinct(StringComparer.Ordinal).Count() == all.Count
                && all.All(p => p.EnumerateRunes().Count() <= NamePrefixes.Longest)
                && (sought.Count == 0 || all.Count == NamePrefixes.Most || sought.All(all.Contains));
        }).QuickCheckThrowOnFailure();
    }
}
