using Custodia.Kernel.Deletion;
using Custodia.Kernel.Policy;
using Custodia.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Tests.Policy;

/// <summary>That a module erases something is not enough: each category that goes with the person must be one that an erasure looks at.</summary>
public sealed class ErasureCoverageTests(CustodiaServer server) : IClassFixture<CustodiaServer>
{
    [Fact]
    public async Task Every_category_that_goes_with_the_person_is_looked_at_by_an_erasure()
    {
        await using var scope = server.Services.CreateAsyncScope();
        var looked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in scope.ServiceProvider.GetServices<ISubjectData>())
            looked.UnionWith((await part.EraseAsync(new Subject(1, Guid.CreateVersion7()), CancellationToken.None)).Categories.Select(c => c.Category));
        var promised = scope.ServiceProvider.GetRequiredService<LoadedPolicy>().Categories
            .Where(c => c.DeleteOn.Any(t => t.Name == "account-deleted"))
            .Select(c => c.Id)
            // The key is what an erasure destroys itself, after all parts.
            .Except(["kernel.key"]);
        promised.Except(looked).ShouldBeEmpty();
    }
}
