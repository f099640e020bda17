using System.Globalization;
using Custodia.Kernel.Tests.Streams;

namespace Custodia.Kernel.Tests;

/// <summary>The tests are a program too: some of them start it as a child that they kill.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        [AppendForEver.Verb, var folder, var first] => AppendForEver.RunAsync(folder, int.Parse(first, CultureInfo.InvariantCulture)),
        _ => Task.FromResult(0),
    };
}
