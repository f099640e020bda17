namespace Custodia.Jq.Tests;

public sealed class StandaloneTests
{
    [Fact]
    public void The_library_needs_nothing_but_the_framework() =>
        typeof(JqProgram).Assembly.GetReferencedAssemblies().Where(a => !a.Name!.StartsWith("System.", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Little_of_it_is_public() =>
        typeof(JqProgram).Assembly.GetExportedTypes().Where(t => !t.IsNested).Select(t => t.Name).Order(StringComparer.Ordinal).ShouldBe(
        [
            "JqArray", "JqCompilation", "JqError", "JqException", "JqFormat", "JqJsonException", "JqKind", "JqLimit", "JqLimitException", "JqLimits", "JqMessage", "JqObject", "JqOptions", "JqProgram",
            "JqReader", "JqTest", "JqTestFile", "JqTestResult", "JqValue", "JqWriter",
        ]);
}
