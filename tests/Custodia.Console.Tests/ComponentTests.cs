using Custodia.Console.Tests.Support;

namespace Custodia.Console.Tests;

[Collection(LookCollection.Name)]
public sealed class ComponentTests(LookHost host)
{
    [Fact]
    public async Task A_moment_reads_in_utc_whatever_its_offset()
    {
        var html = await host.PageAsync("/console/everything");
        html.ShouldContain("datetime=\"2026-11-21T22:45:10Z\" title=\"2026-11-21 22:45:10 UTC\"");
        html.ShouldContain(">2026-11-21 22:45 UTC</time>");
    }

    [Fact]
    public async Task A_chart_carries_its_values_for_scripts_and_as_a_table()
    {
        var html = await host.PageAsync("/console/everything");
        html.ShouldContain("data-options=\"{&quot;kind&quot;:&quot;area&quot;,&quot;labels&quot;:[&quot;Mon&quot;,&quot;Tue&quot;]");
        html.ShouldContain("<th scope=\"row\">Mon</th><td>1 users</td>");
        html.ShouldContain("<th scope=\"row\">Tue</th><td>–</td>");
        html.ShouldContain("No data in this period");
    }

    [Fact]
    public async Task A_map_knows_countries_by_their_numbers_and_counts_the_unknown_in_its_table()
    {
        var html = await host.PageAsync("/console/everything");
        html.ShouldContain("&quot;id&quot;:&quot;276&quot;,&quot;code&quot;:&quot;DE&quot;,&quot;value&quot;:3");
        html.ShouldContain("data-country=\"CN\">China</th>");
        html.ShouldContain("<th scope=\"row\">Unknown</th><td>1</td>");
    }

    [Fact]
    public async Task A_question_before_deletion_works_as_a_plain_form()
    {
        var html = await host.PageAsync("/console/everything");
        var from = html.IndexOf("<details class=\"confirm\"", StringComparison.Ordinal);
        var dialog = html[from..html.IndexOf("</details>", from, StringComparison.Ordinal)];
        dialog.ShouldContain("<form method=\"post\" action=\"/x\">");
        dialog.ShouldContain("name=\"form-token\"");
        dialog.ShouldContain("name=\"confirmed\" value=\"true\" required");
    }

    [Fact]
    public void An_unknown_icon_or_asset_is_a_mistake_in_the_page()
    {
        Should.Throw<ArgumentException>(() => IconPaths.Of("nothing"));
        Should.Throw<ArgumentException>(() => LookAssets.Url("nothing.css"));
    }
}
