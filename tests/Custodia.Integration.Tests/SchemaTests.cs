using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Custodia.Integration.Pages;

namespace Custodia.Integration.Tests;

/// <summary>The published schema and the check agree, as far as a schema can tell.</summary>
public sealed class SchemaTests(IntegrationServer server) : IClassFixture<IntegrationServer>
{
    // What only the check knows: the text's own form, events, expressions, and how steps hang together.
    private static readonly string[] BeyondSchema =
        ["yaml", "unknown-event", "no-respond", "expression", "undefined-variable", "unknown-path", "unreachable", "duplicate-id", "alias", "label", "express", "too-deep"];

    public static TheoryData<string> Bad { get; } = [.. CheckTests.Bad.Where(row => !BeyondSchema.Contains((string)row[2])).Select(row => (string)row[0])];

    public static TheoryData<string> Good { get; } =
    [
        .. Starter.All.Select(s => s.Text),
        Custodia.Integration.FirstStart.SampleFlow.Welcome,
        """{ "flow": 1, "name": "test", "logLevel": "off", "steps": [ { "log": { "category": "seen" } } ] }""",
        "flow: 1\nname: all\nmode: express\ntrigger: { http: { method: GET, path: a/b, answer: sync, access: anyone } }\nsteps:\n"
            + "  - id: one\n    call: http.request\n    with: { url: \"https://a.example\", headers: \"${ .payload.headers }\", keyed: true }\n    into: x\n    timeout: 2s\n    retry: { times: 0, backoff: 100ms }\n"
            + "  - choice:\n      - when: true\n        steps: []\n      - otherwise: true\n        steps: []\n  - respond: { status: 204 }\n",
    ];

    [Theory]
    [MemberData(nameof(Good))]
    public async Task The_schema_accepts_a_flow_that_is_right(string text)
    {
        (await SchemaAsync()).Accepts(SchemaCheck.Json(text)).ShouldBeTrue();
        (await (await FlowClient.OfAsync(server)).CheckAsync(text)).ShouldNotContain(f => f.Severity == "error");
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task The_schema_refuses_a_flow_whose_shape_is_wrong(string text) =>
        (await SchemaAsync()).Accepts(SchemaCheck.Json(text)).ShouldBeFalse();

    private async Task<SchemaCheck> SchemaAsync() => new((await server.Client().GetFromJsonAsync<JsonObject>("/api/v1/schemas/flow"))!);
}
