using System.Text.RegularExpressions;
using Custodia.Console.Tests.Support;

namespace Custodia.Console.Tests;

[Collection(LookCollection.Name)]
public sealed partial class TableTests(LookHost host)
{
    [Fact]
    public async Task A_table_has_its_columns_in_order_and_labels_every_cell()
    {
        var html = await host.PageAsync("/console/rooms?count=2");

        Cells().Matches(html).Select(m => m.Groups[1].Value).ShouldBe(["Name", "Length", "Name", "Length"]);
        html.IndexOf(">Name</th>", StringComparison.Ordinal).ShouldBeLessThan(html.IndexOf(">Length</th>", StringComparison.Ordinal));
        html.ShouldContain("<caption class=\"sr-only\">Rooms</caption>");
        html.ShouldContain("<a href=\"/console/rooms/1\">Room 1</a>");
    }

    [Fact]
    public async Task Without_rows_it_says_so_instead()
    {
        var html = await host.PageAsync("/console/rooms?count=0");
        html.ShouldContain("No rooms");
        html.ShouldNotContain("<table");
        html.ShouldContain("id=\"rooms\"");
    }

    [Fact]
    public async Task A_link_to_older_entries_works_with_and_without_scripts()
    {
        var html = await host.PageAsync("/console/rooms?older=%2Fconsole%2Frooms%3Fcursor%3Da%26b%3D1");
        var link = Html.Tag(html, "<a class=\"btn btn-small pager-older\"");
        link.ShouldContain("href=\"/console/rooms?cursor=a&amp;b=1\"");
        link.ShouldContain("hx-get=\"/console/rooms?cursor=a&amp;b=1\"");
        link.ShouldContain("hx-target=\"#rooms\"");
        html.ShouldNotContain("rel=\"prev\"");
        (await host.PageAsync("/console/rooms")).ShouldNotContain("class=\"pager\"");
    }

    [GeneratedRegex("""data-label="([^"]+)""" + "\"", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Cells();
}
