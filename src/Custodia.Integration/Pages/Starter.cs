namespace Custodia.Integration.Pages;

/// <summary>A complete flow to begin from.</summary>
internal sealed record Starter(string Name, string Icon, string Text)
{
    private const string Path = "/console/flows/new";

    public static IReadOnlyList<Starter> All { get; } =
    [
        new("http", "globe", """
            flow: 1
            name: hello
            description: Answers whoever calls it.
            trigger:
              http: { method: POST, path: hello }
            steps:
              - id: named
                choice:
                  - when: ${ .payload.name == null }
                    steps:
                      - respond: { status: 400, body: { error: name is missing } }
              - respond:
                  status: 200
                  body: { text: "Hello, ${ .payload.name }" }

            """),
        new("event", "mail", """
            flow: 1
            name: greet
            description: Writes to everybody who registers.
            trigger:
              event: identity.user.registered
            steps:
              - id: reachable
                choice:
                  - when: ${ .payload.email != null }
                    steps:
                      - call: mail.send
                        with:
                          to: ${ .payload.email }
                          subject: Welcome
                          text: It is good to have you here.
                        retry: { times: 3, backoff: 1s }
              - log: { level: info, category: greeted }

            """),
        new("ticket", "ticket", """
            flow: 1
            name: report
            description: Opens a ticket for each report that comes in.
            trigger:
              http: { method: POST, path: report }
            steps:
              - id: open
                call: tickets.create
                with:
                  title: ${ .payload.title }
                  description: ${ .payload.text }
                into: ticket
              - respond:
                  status: 201
                  body: { ticket: "${ .variables.ticket.id }" }

            """),
        new("empty", "plus", """
            flow: 1
            name: my-flow
            steps: []

            """),
    ];

    public static Starter Of(string? name) => All.FirstOrDefault(s => s.Name == name) ?? All[0];

    public static string HrefOf(string name) => name == All[0].Name ? Path : $"{Path}?start={name}";
}
