namespace Custodia.Identity.Administration;

/// <summary>One of the console's pages about a directory. Features register theirs as singletons; <see cref="DirectoryTabs"/> shows them.</summary>
/// <param name="Name">Last segment of the address, <c>/console/directories/{directory}/{name}</c>; empty for the first page.</param>
/// <param name="Text">The text in the language of the request; called at each rendering.</param>
/// <param name="Order">Position, ascending; the first page has 0.</param>
/// <param name="Permission">What a person needs to see it.</param>
/// <param name="CustomersOnly">There is nothing of the kind in a staff directory.</param>
internal sealed record DirectorySection(string Name, Func<string> Text, int Order, string Permission, bool CustomersOnly = false)
{
    public string PathOf(string directory) => $"/console/directories/{directory}{(Name.Length == 0 ? "" : "/" + Name)}";
}
