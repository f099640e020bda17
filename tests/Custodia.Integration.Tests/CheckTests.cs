namespace Custodia.Integration.Tests;

public sealed class CheckTests(IntegrationServer server) : IClassFixture<IntegrationServer>
{
    private const string Head = "flow: 1\nname: test\n";

    public static TheoryData<string, int, string> Bad { get; } = new()
    {
        { "", 1, "shape" },
        { "just a text", 1, "shape" },
        { "flow: [", 2, "yaml" },
        { "name: test\nsteps: []", 1, "version" },
        { "flow: 2\nname: test\nsteps: []", 1, "type" },
        { "flow: 1\nsteps: []", 1, "missing" },
        { "flow: 1\nname: a b\nsteps: []", 1, "name" },
        { "flow: 1\nname: test", 1, "missing" },
        { Head + "colour: red\nsteps: []", 3, "unknown-key" },
        { Head + "logLevel: loud\nsteps: []", 3, "type" },
        { Head + "steps: none", 3, "shape" },
        { Head + "trigger:\n  event: identity.user.registered\n  http: { path: a }\nsteps: []", 4, "trigger" },
        { Head + "trigger: { event: no.such.event }\nsteps: []", 3, "unknown-event" },
        { Head + "trigger:\n  http: { method: FETCH, path: a, answer: accepted }\nsteps: []", 4, "trigger" },
        { Head + "trigger:\n  http: { path: /a, answer: accepted }\nsteps: []", 4, "trigger" },
        { Head + "trigger:\n  http: { path: a }\nsteps: []", 4, "no-respond" },
        { Head + "steps:\n  - jump: 1", 4, "step" },
        { Head + "steps:\n  - set: { a: 1 }\n    log: { category: x }", 4, "step" },
        { Head + "steps:\n  - set: { a: 1 }\n    because: x", 5, "unknown-key" },
        { Head + "steps:\n  - call: mail.fly", 4, "unknown-operation" },
        { Head + "steps:\n  - call: mail.send\n    with: { to: a@b.example, subject: s }", 4, "missing-input" },
        { Head + "steps:\n  - call: mail.send\n    with: { to: a@b.example, subject: s, text: t, cc: x }", 4, "unknown-input" },
        { Head + "steps:\n  - call: mail.send\n    with: { to: 1, subject: s, text: t }", 4, "input-type" },
        { Head + "steps:\n  - call: mail.send\n    with: { to: a@b.example, subject: s, text: t }\n    retry: { times: 9 }", 6, "type" },
        { Head + "steps:\n  - call: http.request\n    with: { url: \"http://a.example\" }\n    timeout: 1h", 6, "type" },
        { Head + "steps:\n  - set: { a: \"${ .payload. }\" }", 4, "expression" },
        { Head + "steps:\n  - set: { a: \"${ .payload\" }", 4, "expression" },
        { Head + "steps:\n  - set: { a: 1 }\n  - set: { b: \"${ .variables.c }\" }", 5, "undefined-variable" },
        { Head + "steps:\n  - set: { a: \"${ .body.x }\" }", 4, "unknown-path" },
        { Head + "steps:\n  - set: { a: 1 }\n  - set: { b: \"${ .variables as $v | $v.a + $v.c }\" }", 5, "undefined-variable" },
        { Head + "steps:\n  - set: { a: \"${ .payload | nope }\" }", 4, "expression" },
        { Head + "steps:\n  - set: { a: [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]] }", 4, "too-deep" },
        { Head + "steps:\n  - respond: { status: 200 }\n  - log: { category: late }", 5, "unreachable" },
        { Head + "steps:\n  - choice:\n      - otherwise: true\n        steps: []\n      - when: true\n        steps: []", 5, "unreachable" },
        { Head + "steps:\n  - choice:\n      - steps: []", 5, "branch" },
        { Head + "steps:\n  - { id: one, log: { category: a } }\n  - { id: one, log: { category: b } }", 5, "duplicate-id" },
        { Head + "steps:\n  - respond: { status: 99 }", 4, "type" },
        { "flow: 1\nname: &n test\nsteps: []", 2, "alias" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_flow_that_is_wrong_is_told_what_and_on_which_line(string text, int line, string rule)
    {
        var found = await (await FlowClient.OfAsync(server)).CheckAsync(text);
        found.ShouldContain(f => f.Line == line && f.Rule == rule && f.Severity == "error", string.Join("; ", found));
    }

    [Fact]
    public async Task All_findings_come_at_once_with_line_and_column()
    {
        var text = Head + "steps:\n  - call: no.such\n  - set: { x: \"a ${ .payload.[ } b\" }\n  - colour: red\n";
        var found = await (await FlowClient.OfAsync(server)).CheckAsync(text);
        found.Select(f => f.Line).ShouldBe([4, 5, 6], ignoreOrder: true);
        found.Single(f => f.Line == 5).Column.ShouldBeGreaterThan(14);
    }

    [Fact]
    public async Task A_persons_field_may_not_go_to_a_connector_that_is_no_declared_recipient()
    {
        var text = Head + "trigger: { event: identity.user.registered }\nsteps:\n  - set: { mail: \"${ .payload.email }\" }\n  - call: http.request\n    with: { url: \"http://a.example\", method: POST, body: { to: \"${ .variables.mail }\" } }\n";
        var found = await (await FlowClient.OfAsync(server)).CheckAsync(text);
        found.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Line.ShouldBe(6), f => f.Rule.ShouldBe("label"));
        (await (await FlowClient.OfAsync(server)).CheckAsync(text.Replace("\"${ .variables.mail }\"", "nobody", StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(".payload | { from: .directory }", false)]
    [InlineData(".payload | { to: .email }", true)]
    [InlineData(". as $all | $all.payload.email", true)]
    [InlineData("def mail: .email; .payload | mail", true)]
    [InlineData("[.payload | .[]]", true)]
    [InlineData(".payload | to_entries", true)]
    [InlineData("getpath([\"payload\", \"email\"])", true)]
    [InlineData(".. | strings", true)]
    [InlineData("if .payload.email then 1 else 2 end", true)]
    [InlineData("\"Hello \\(.payload.email)\"", true)]
    public async Task A_persons_field_is_found_in_every_expression_that_may_read_it(string expression, bool isFound)
    {
        var text = Head + $"trigger: {{ event: identity.user.registered }}\nsteps:\n  - set:\n      value: |-\n        ${{ {expression} }}\n  - call: http.request\n    with: {{ url: \"http://a.example\", method: POST, body: {{ to: \"${{ .variables.value }}\" }} }}\n";
        var found = await (await FlowClient.OfAsync(server)).CheckAsync(text);
        found.Any(f => f.Rule == "label").ShouldBe(isFound, string.Join("; ", found));
        found.ShouldAllBe(f => f.Rule == "label" && f.Line == 8);
    }

    [Fact]
    public async Task The_whole_payload_carries_the_labels_of_its_fields()
    {
        var text = Head + "trigger: { event: identity.user.registered }\nsteps:\n  - call: http.request\n    with: { url: \"http://a.example\", method: POST, body: \"${ .payload }\" }\n";
        (await (await FlowClient.OfAsync(server)).CheckAsync(text)).ShouldAllBe(f => f.Rule == "label" && f.Line == 5);
    }

    [Fact]
    public async Task An_open_trigger_is_named_as_a_note()
    {
        var text = Head + "trigger:\n  http: { path: open, access: anyone }\nsteps:\n  - respond: { body: hello }\n";
        (await (await FlowClient.OfAsync(server)).CheckAsync(text)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Severity.ShouldBe("note"), f => f.Rule.ShouldBe("open-trigger"));
    }

    [Fact]
    public async Task JSON_is_as_good_as_YAML() =>
        (await (await FlowClient.OfAsync(server)).CheckAsync("""{ "flow": 1, "name": "test", "steps": [ { "log": { "category": "seen" } } ] }""")).ShouldBeEmpty();
}
