using Custodia.Console.Privacy;
using Custodia.Kernel.Policy;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Custodia.Kernel.Tests.Policy;

/// <summary>A promise of the policy, held against what is stored.</summary>
public sealed class PromiseTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly PolicyCategory _guest = PolicyTexts.Load(PolicyTexts.Small).Category("sample.guest");

    [Theory]
    [InlineData(null, 0, PromiseState.NothingHeld)]
    [InlineData(3, 0, PromiseState.Kept)]
    [InlineData(30, 0, PromiseState.Kept)]
    [InlineData(30, 5, PromiseState.Deleting)]
    [InlineData(31, 5, PromiseState.Deleting)]
    [InlineData(32, 5, PromiseState.Late)]
    [InlineData(32, 0, PromiseState.Late)]
    public void An_age_of_30_days_with_a_deadline_of_one(int? daysOld, long due, PromiseState expected) =>
        Age(daysOld, due).State.ShouldBe(expected);

    [Fact]
    public void Nobody_tells_what_is_held() =>
        Promise.Of(_guest, new LiveFigures(Now)).ShouldAllBe(p => p.State == PromiseState.Unknown && p.Held == null);

    [Fact]
    public async Task The_panel_of_a_category_shows_the_state_beside_each_promise()
    {
        var text = await Render([Age(40, 2), Deleted(new DeletionFigures(Open: 1, Overdue: 0, Answered: 7, AnsweredInTime: 6))]);
        text.ShouldContain(">late<", Case.Sensitive);
        text.ShouldContain("2 due");
        text.ShouldContain("2026-10-12");
        text.ShouldContain("6 of 7 requests in time");
        (await Render([Age(3, 0)])).ShouldContain(">kept<", Case.Sensitive);
    }

    [Theory]
    [InlineData(0, PromiseState.Kept)]
    [InlineData(1, PromiseState.Late)]
    public void Deletion_with_the_person_is_kept_while_no_request_is_overdue(int overdue, PromiseState expected) =>
        Deleted(new DeletionFigures(Open: 2, overdue, Answered: 0, AnsweredInTime: 0)).State.ShouldBe(expected);

    private static Promise Deleted(DeletionFigures requests)
    {
        var guest = PolicyTexts.Load(PolicyTexts.Small.Replace("{ on: ticket-closed, within: P7D }", "{ on: account-deleted }", StringComparison.Ordinal)).Category("sample.guest");
        return Promise.Of(guest, new LiveFigures(Now) { Deletions = requests })[1];
    }

    private Promise Age(int? daysOld, long due)
    {
        var figures = new LiveFigures(Now);
        figures.Add(new HeldFigure("sample.guest", "age", daysOld is { } days ? Now.AddDays(-days) : null, due));
        return Promise.Of(_guest, figures)[0];
    }

    private async Task<string> Render(IReadOnlyList<Promise> promises)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["Category"] = _guest, ["Promises"] = promises });
            return (await renderer.RenderComponentAsync<CategoryPanel>(parameters)).ToHtmlString();
        });
    }
}
