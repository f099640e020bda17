namespace Custodia.Jq.Tests.Builtins;

internal static class Outputs
{
    /// <summary>What a program gives for null, as compact JSON, one after the other.</summary>
    public static string Of(string program, JqOptions? options = null) =>
        string.Join(' ', JqProgram.Compile(program).ShouldBeOfType<JqCompilation.Compiled>().Program.Run(JqValue.Null, options).Select(v => v.ToJson()));
}
