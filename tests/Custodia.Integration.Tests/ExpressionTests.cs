using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Custodia.Integration.Expressions;
using Custodia.Integration.Flows;
using Custodia.Jq;

namespace Custodia.Integration.Tests;

public sealed class ExpressionTests(IntegrationServer server) : IClassFixture<IntegrationServer>
{
    private const string Head = "flow: 1\nname: test\nsteps:\n";

    [Theory]
    [InlineData("${ .a } and more", 6)]
    [InlineData("${ {a: {b: 1}} }", 15)]
    [InlineData("${ \"}\" }", 7)]
    [InlineData("${ \"\\\"}\" }", 9)]
    [InlineData("${ \"\\( \"}\" )}\" }", 15)]
    [InlineData("${ \"\\( {a: \"\\(1)}\"} | .a )\" }", 28)]
    [InlineData("${ \"a\\\\\" }", 9)]
    [InlineData("${ .a # } no\n}", 13)]
    [InlineData("${ .a # } no \\\n } no\n}", 21)]
    [InlineData("${ (.a }", 7)]
    [InlineData("${ [.a }", 7)]
    [InlineData("${ .a", null)]
    [InlineData("${ \"}", null)]
    [InlineData("${ \"\\(1}\" }", null)]
    [InlineData("${ # }", null)]
    public void The_brace_that_closes_is_found_beyond_texts_comments_and_inner_braces(string text, int? end) => ExpressionEnd.Find(text, 2).ShouldBe(end);

    [Theory]
    [InlineData("  - set: { x: \"a ${ .payload | } b\" }\n", "4:32")]
    [InlineData("  - set: { x: 'it''s ${ nope }' }\n", "4:25")]
    [InlineData("  - set: { x: \"\\u0041\\n\\\"${ nope }\" }\n", "4:29")]
    [InlineData("  - set: { x: \"😀 \\U0001F600 ${ nope }\" }\n", "4:33")]
    [InlineData("  - set:\n      x: ${ nope }\n", "5:13")]
    [InlineData("  - set:\n      x: >-\n        ${ .payload\n        | nope }\n", "7:11")]
    [InlineData("  - set:\n      x: |\n        ${\n          .payload\n          | nope, also(1)\n        }\n", "8:13 8:19")]
    [InlineData("  - set:\n      x: \"${ .payload\n          | nope }\"\n", "6:13")]
    [InlineData("  - set:\n      x: \"${ .payload \\\n          | nope }\"\n", "6:13")]
    [InlineData("  - set:\n      x: '${ .payload\n\n          | nope }'\n", "7:13")]
    [InlineData("  - set:\n      x: ${ .payload\n          | nope }\n", "6:13")]
    [InlineData("  - set: { x: \"${ nope } ${ other }\" }\n", "4:19 4:29")]
    [InlineData("  - choice:\n      - when: nope\n        steps: []\n", "5:15")]
    [InlineData("  - choice:\n      - when: ${ nope } x\n        steps: []\n", "5:24")]
    [InlineData("  - choice:\n      - when: |\n          .payload |\n            nope\n        steps: []\n", "7:13")]
    public void Every_mistake_in_an_expression_has_its_line_and_column(string steps, string places)
    {
        PlacesOf(Head + steps).ShouldBe(places.Split(' '));
        PlacesOf((Head + steps).Replace("\n", "\r\n", StringComparison.Ordinal)).ShouldBe(places.Split(' '));
    }

    [Theory]
    [InlineData("[.payload.items[] | select(.count > 1) | .name]", "[\"b\"]")]
    [InlineData(".payload.items | map(.count) | add", "3")]
    [InlineData("empty", "null")]
    [InlineData("1, 2, error(\"not reached\")", "1")]
    [InlineData("{ \"a b\": .payload.items[0].name }", "{\"a b\":\"a\"}")]
    [InlineData(".payload.id", "12345678901234567890")]
    [InlineData("now > 1700000000", "true")]
    [InlineData("input_missing? // 1", null)]
    public void An_expression_is_a_program_of_jq_whose_first_output_counts(string text, string? value)
    {
        var compiled = new ExpressionCache().Compile(text);
        if (value is null)
        {
            compiled.ShouldBeOfType<JqCompilation.Invalid>();
            return;
        }

        var program = compiled.ShouldBeOfType<JqCompilation.Compiled>().Program;
        var node = Evaluation().ValueOf(program);
        (node?.ToJsonString() ?? "null").ShouldBe(value);
    }

    [Fact]
    public void The_value_is_a_node_of_its_own_and_the_message_stays_as_it_was()
    {
        var document = Document();
        var evaluation = new Evaluation(document, TimeProvider.System, default);
        var items = (JsonArray)evaluation.ValueOf(Compile(".payload.items"))!;
        items.Add("more");
        document.ToJsonString().ShouldBe(Document().ToJsonString());
    }

    [Theory]
    [InlineData("def f: f; f", StepFailure.Limit)]
    [InlineData("[range(1e9)]", StepFailure.Limit)]
    [InlineData("reduce range(100) as $i (0; [.])", StepFailure.Limit)]
    [InlineData("\"x\" * 2000000", StepFailure.Limit)]
    [InlineData("[range(300000)]", "message-too-large")]
    [InlineData("error(.payload)", StepFailure.Expression)]
    [InlineData(".payload + 1", StepFailure.Expression)]
    public void What_cannot_be_computed_is_a_code_and_nothing_of_the_message(string text, string code) =>
        StepFailure.CodeOf(Should.Throw<Exception>(() => Evaluation().ValueOf(Compile(text)))).ShouldBe(code);

    [Fact]
    public void The_expressions_of_one_step_share_their_time()
    {
        var evaluation = Evaluation();
        var program = Compile("[limit(20000; repeat(1))] | map([range(50)] | add) | length");
        var failure = Should.Throw<JqLimitException>(() =>
        {
            for (var i = 0; i < 1000; i++) evaluation.ValueOf(program);
        });
        failure.Limit.ShouldBe(JqLimit.Time);
    }

    [Fact]
    public void The_same_text_is_compiled_once()
    {
        var cache = new ExpressionCache();
        Program(cache, ".payload.a").ShouldBeSameAs(Program(cache, ".payload.a"));
        for (var i = 0; i < 10_001; i++) cache.Compile($".a{i}");
        Program(cache, ".payload.a").Text.ShouldBe(".payload.a");

        static JqProgram Program(ExpressionCache cache, string text) => ((JqCompilation.Compiled)cache.Compile(text)).Program;
    }

    [Theory]
    [InlineData("set: { a: \"${ .payload.name + 1 }\" }", "expression-failed", "/steps/0")]
    [InlineData("set: { a: \"${ def f: f; f }\" }", "expression-limit", "/steps/0")]
    [InlineData("choice: [ { when: .payload.name > error(.payload.name), steps: [] } ]", "expression-failed", "/steps/0")]
    [InlineData("respond: { body: \"${ [.payload.name | tonumber] }\" }", "expression-failed", "/steps/0")]
    public async Task An_expression_that_fails_fails_its_step_with_a_code_that_tells_nothing_of_the_message(string step, string code, string pointer)
    {
        var client = await FlowClient.OfAsync(server);
        var path = $"fails-{Guid.CreateVersion7():N}";
        var (_, flow, url) = await client.DeployAsync($"flow: 1\nname: fails\ntrigger: {{ http: {{ path: {path} }} }}\nsteps:\n  - {step}\n  - respond: {{ body: never }}\n".Replace("  - respond: { body: never }\n", step.StartsWith("respond", StringComparison.Ordinal) ? "" : "  - respond: { body: never }\n", StringComparison.Ordinal));
        using var answer = await client.Http.PostAsJsonAsync(url, new { name = "Ada Lovelace" });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe(code);
        var job = await client.JobAsync(await client.JobInStateAsync(flow, "failed"));
        job.GetProperty("job").GetProperty("error").GetString().ShouldBe(code);
        job.GetProperty("job").GetProperty("errorPointer").GetString().ShouldBe(pointer);
        job.GetRawText().ShouldNotContain("Lovelace");
    }

    [Fact]
    public async Task A_flow_maps_with_the_whole_language()
    {
        var client = await FlowClient.OfAsync(server);
        var (_, _, url) = await client.DeployAsync(
            """
            flow: 1
            name: maps
            trigger: { http: { path: maps } }
            steps:
              - set:
                  order: |
                    ${ .payload
                       | { id, lines: [.items[] | "\(.count) x \(.name)"], total: ([.items[] | .count * .price] | add) }
                       # the rest is not needed }
                    }
              - choice:
                  - when: .variables.order.lines | length > 1
                    steps:
                      - respond: { body: { order: "${ .variables.order }", first: "First: ${ .variables.order.lines[0] }" } }
              - respond: { status: 400 }

            """);
        using var answer = await client.Http.PostAsync(url, new StringContent("""{ "id": 12345678901234567890, "items": [ { "name": "tea", "count": 2, "price": 1.5 }, { "name": "cup", "count": 1, "price": 4 } ] }""", System.Text.Encoding.UTF8, "application/json"));
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"order":{"id":12345678901234567890,"lines":["2 x tea","1 x cup"],"total":7},"first":"First: 2 x tea"}""");
    }

    private static JsonObject Document() => new()
    {
        ["payload"] = JsonNode.Parse("""{ "id": 12345678901234567890, "items": [ { "name": "a", "count": 1 }, { "name": "b", "count": 2 } ] }"""),
        ["attributes"] = new JsonObject(),
        ["variables"] = new JsonObject(),
        ["error"] = null,
    };

    private static Evaluation Evaluation() => new(Document(), TimeProvider.System, default);

    private static JqProgram Compile(string text) => new ExpressionCache().Compile(text).ShouldBeOfType<JqCompilation.Compiled>().Program;

    private static IEnumerable<string> PlacesOf(string text) => new FlowReader(new ExpressionCache()).Read(text).Findings.All.Select(f => $"{f.Line}:{f.Column}");
}
