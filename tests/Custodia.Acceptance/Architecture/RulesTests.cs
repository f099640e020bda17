using Custodia.Acceptance.Architecture.Fixtures;

namespace Custodia.Acceptance.Architecture;

/// <summary>Each rule seen red on a fixture that breaks it.</summary>
public sealed class RulesTests
{
    [Fact]
    public void A_module_that_references_another_is_found() =>
        Rules.ForeignReferences("Custodia.Tickets", ["Custodia.Kernel", "Custodia.Identity", "System.Runtime"]).ShouldBe(["Custodia.Tickets references Custodia.Identity"]);

    [Fact]
    public void A_public_class_outside_the_contracts_is_found() =>
        Rules.WronglyPublic([typeof(OpenToAll)]).ShouldBe(["Custodia.Acceptance.Architecture.Fixtures.OpenToAll is public"]);

    [Fact]
    public void An_unsealed_class_is_found() =>
        Rules.Unsealed([typeof(OpenToAll)]).ShouldHaveSingleItem();

    [Fact]
    public void A_class_that_is_derived_from_need_not_be_sealed() =>
        Rules.Unsealed([typeof(Base), typeof(Derived)]).ShouldBeEmpty();

    [Fact]
    public void A_constructor_of_six_is_found() =>
        Rules.WideConstructors([typeof(Greedy)]).ShouldBe(["Custodia.Acceptance.Architecture.Fixtures.Greedy has 6 constructor parameters"]);

    [Fact]
    public void A_method_of_more_than_60_lines_is_found() =>
        Rules.LongMethods(typeof(Greedy).Assembly.Location).ShouldContain(m => m.StartsWith("Greedy.GoOnAndOn has", StringComparison.Ordinal));

    [Fact]
    public void A_file_of_401_lines_is_found() =>
        Rules.LongFiles([("short.cs", 400), ("long.cs", 401)]).ShouldBe(["long.cs has 401 lines"]);

    [Fact]
    public void A_folder_named_after_a_kind_is_found() =>
        Rules.FoldersNamedAfterKinds(["src/Custodia.Kernel/Helpers/Text.cs", "src/Custodia.Kernel/Vault/Services.cs"]).ShouldBe(["src/Custodia.Kernel/Helpers/Text.cs"]);

    [Fact]
    public void A_foreign_table_is_found() =>
        Rules.ForeignTables("tickets", "a.cs", "sql = \"SELECT * FROM identity_users JOIN tickets_tickets\"").ShouldBe(["a.cs names a table of identity"]);

    [Theory]
    [InlineData("// TODO later")]
    [InlineData("throw new NotImplementedException();")]
    public void Leftovers_are_found(string text) => Rules.LeftBehind("a.cs", text).ShouldHaveSingleItem();

    [Theory]
    [InlineData("{ \"resolved\": \"http://example.com/a.tgz\" }")]
    [InlineData("{ \"source\": \"https://example.com/a.tgz\" }")]
    public void An_address_in_a_lock_file_is_found(string text) => Rules.HoldsAddress(text).ShouldBeTrue();
}
