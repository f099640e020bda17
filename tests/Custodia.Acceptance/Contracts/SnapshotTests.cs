namespace Custodia.Acceptance.Contracts;

/// <summary>The comparison itself has been seen to fail, and says where.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public void A_difference_names_the_lines_that_went_and_came() =>
        Snapshot.Difference(["a", "b", "c", "d"], ["a", "c", "e", "d"]).ReplaceLineEndings("\n").ShouldBe("@ line 1: a\n- b\n+ e\n");

    [Fact]
    public void A_contract_that_is_not_as_agreed_fails_and_says_how_to_accept_it()
    {
        if (Environment.GetEnvironmentVariable("CUSTODIA_ACCEPT_CONTRACTS") == "1") return;
        var failure = Should.Throw<Xunit.Sdk.FailException>(() => Snapshot.Check("permissions.txt", "everything: everybody"));
        failure.Message.ShouldContain("+ everything: everybody");
        failure.Message.ShouldContain("CUSTODIA_ACCEPT_CONTRACTS=1 dotnet test");
    }
}
