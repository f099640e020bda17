using Custodia.Identity.Passwords;

namespace Custodia.Identity.Tests.People;

public sealed class PasswordTests
{
    [Theory]
    [InlineData("password")]
    [InlineData("P@ssw0rd")]
    [InlineData("Passw0rd2024!")]
    [InlineData("qwertyuiop")]
    [InlineData("1q2w3e4r5t")]
    [InlineData("12345678")]
    [InlineData("87654321")]
    [InlineData("abcdefgh")]
    [InlineData("abcd1234")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abababab")]
    [InlineData("iloveyou123")]
    [InlineData("!!Summer2024")]
    [InlineData("monkeymonkey")]
    [InlineData("superadmin1")]
    [InlineData("woaini1314")]
    [InlineData("zxcvbnm,./")]
    [InlineData("123456789a")]
    [InlineData("a123456789")]
    [InlineData("q1w2e3r4")]
    [InlineData("drowssap")]
    [InlineData("5201314520")]
    public void Common_passwords_are_found(string password) => CommonPasswords.Covers(password).ShouldBeTrue();

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("just-for-the-demo")]
    [InlineData("a-quite-long-phrase")]
    [InlineData("我喜欢在雨天读书")]
    [InlineData("Пароль для дома 7")]
    [InlineData("tr0ub4dor&3x9")]
    [InlineData("vK8#pQ2m")]
    public void Others_are_not(string password) => CommonPasswords.Covers(password).ShouldBeFalse();

    [Fact]
    public void Length_counts_characters_as_people_do()
    {
        PasswordPolicy.Check(PlainPassword.From("𠮷𠮷好𠮷田家四郎")).ShouldBeEmpty();
        PasswordPolicy.Check(PlainPassword.From("七个字不够长呀")).ShouldBe(["password-too-short"]);
        PasswordPolicy.Check(PlainPassword.From(string.Concat(Enumerable.Repeat("x7", 65)))).ShouldContain("password-too-long");
        PasswordPolicy.Check(PlainPassword.From("abc\ud800defgh")).ShouldBe(["password-too-long"], "a lone surrogate is not text");
    }

    [Fact]
    public void One_password_typed_composed_or_decomposed_is_the_same() =>
        PlainPassword.From("café\u00a0au lait")!.Text.ShouldBe(PlainPassword.From("cafe\u0301 au lait")!.Text);

    [Fact]
    public void The_own_name_is_refused() =>
        PasswordPolicy.Check(PlainPassword.From("xx-AdaLovelace-xx"), "adalovelace").ShouldBe(["password-contains-name"]);

    [Theory]
    [InlineData("bob-the-builder-42", "BOB", true)]
    [InlineData("我叫王伟住在北京", "王伟", true)]
    [InlineData("vK8#alQ2m", "al", false)]
    public void A_short_name_counts_too_where_it_does_not_occur_by_chance(string password, string name, bool refused) =>
        PasswordPolicy.Check(PlainPassword.From(password), name).Contains("password-contains-name").ShouldBe(refused);

    [Fact]
    public void No_password_at_all_is_too_short_and_nothing_worse() =>
        PasswordPolicy.Check(PlainPassword.From("")).ShouldBe(["password-too-short"]);
}
