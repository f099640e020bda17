using System.Text;
using System.Text.Json;
using Custodia.Acceptance.Contracts;
using Custodia.Kernel.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Acceptance.BadInput;

/// <summary>
/// Every operation that the running server declares is called badly in every way: the answer is a problem that says what is wrong,
/// never a 5xx, nothing is stored, and what was tried is on record.
/// </summary>
[Collection(ProductServer.Name)]
public sealed class BadApiCallTests(ProductServer server)
{
    private static readonly int[] Missing = [404];

    [Theory]
    [InlineData("no token")]
    [InlineData("garbage")]
    [InlineData("altered")]
    [InlineData("expired")]
    public async Task Without_a_valid_token_nothing_is_answered(string kind)
    {
        var walk = await WalkAsync();
        var token = kind switch
        {
            "garbage" => "eyJhbGciOiJub25lIn0.e30.",
            "altered" => Altered(walk.Token),
            "expired" => await ExpiredAsync(walk),
            _ => null,
        };
        await WithoutAChangeAsync(walk, async () =>
        {
            var answers = new List<Answer>();
            foreach (var operation in walk.Operations.Where(o => o.Needs is not null)) answers.Add(await walk.SendAsync(operation, walk.Existing(operation), token));
            answers.Select(a => a.Finding($"({kind} token)", 401)).OfType<string>().ShouldBeEmpty();
            await AreOnRecordAsync(answers, 0);
        });
    }

    [Fact]
    public async Task Without_the_permission_nothing_is_done_and_the_attempt_is_on_record()
    {
        var walk = await WalkAsync();
        await WithoutAChangeAsync(walk, async () =>
        {
            var answers = new List<Answer>();
            foreach (var operation in walk.Operations.Where(o => o.Needs is not null)) answers.Add(await walk.SendAsync(operation, walk.Existing(operation), walk.Powerless, Right(operation)));
            answers.Select(a => a.Finding("(no permission)", 403) ?? (a.Text.Contains(a.Operation.Needs!.Permission, StringComparison.Ordinal) ? null : $"{a.Operation} does not name {a.Operation.Needs!.Permission}"))
                .OfType<string>().ShouldBeEmpty();
            await AreOnRecordAsync(answers, await AccountAsync(walk));
        });
    }

    [Fact]
    public async Task What_another_account_has_does_not_exist()
    {
        var walk = await WalkAsync();
        await WithoutAChangeAsync(walk, async () =>
        {
            var findings = new List<string?>();
            foreach (var operation in walk.Operations.Where(walk.Exists))
            {
                // A body that breaks a rule of its own is told so first; that says nothing of what exists.
                var answer = await walk.SendAsync(operation, walk.Existing(operation), walk.Token, Right(operation), otherAccount: true);
                findings.Add(answer.Finding("(another account's)", operation.Body is null ? Missing : [404, 400]));
            }

            findings.Count.ShouldBeGreaterThan(25);
            findings.OfType<string>().ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task What_does_not_exist_is_said_not_to_exist()
    {
        var walk = await WalkAsync();
        await WithoutAChangeAsync(walk, async () =>
        {
            var findings = new List<string?>();
            foreach (var operation in walk.Operations.Where(o => o.HasIds))
            {
                var unknown = await walk.SendAsync(operation, operation.With(ApiWalk.Unknown), walk.Token, Right(operation));
                findings.Add(unknown.Finding("(unknown ids)", operation.Body is null ? Missing : [404, 400]));
                foreach (var id in new[] { "not%20an%20id", "'%20OR%201=1--", "..%2f..%2fetc%2fpasswd", "%F0%9F%92%A9", new string('9', 400) })
                    findings.Add((await walk.SendAsync(operation, operation.With((_, _) => id), walk.Token, Right(operation))).Finding($"(id {id[..9]})", operation.Body is null ? Missing : [404, 400]));
            }

            findings.OfType<string>().ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task A_body_of_the_wrong_kind_is_refused()
    {
        var walk = await WalkAsync();
        await WithoutAChangeAsync(walk, async () =>
        {
            var findings = new List<string?>();
            foreach (var operation in walk.Operations.Where(o => o.Body is not null))
            {
                using var text = new StringContent("hello", Encoding.UTF8, "text/plain");
                findings.Add((await walk.SendAsync(operation, walk.Existing(operation), walk.Token, text)).Finding("(text)", 415));
                if (!operation.TakesJson) continue;
                foreach (var body in new[] { "{", "{\"a\":}", "[]", "\"text\"", "{\"a\":\"\\ud800\"}", "\u0000" })
                    findings.Add((await walk.SendAsync(operation, walk.Existing(operation), walk.Token, ApiWalk.Json(body))).Finding($"({body})", 400));
                if (operation.BodyRequired) findings.Add((await walk.SendAsync(operation, walk.Existing(operation), walk.Token, ApiWalk.Json(""))).Finding("(empty)", 400));
            }

            findings.OfType<string>().ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task A_field_that_is_wrong_missing_or_unknown_is_named()
    {
        var walk = await WalkAsync();
        await WithoutAChangeAsync(walk, async () =>
        {
            var findings = new List<string?>();
            foreach (var operation in walk.Operations.Where(o => o.TakesJson))
            {
                foreach (var (field, body) in Bodies.Wrong(operation.Body!))
                    findings.Add((await walk.SendAsync(operation, walk.Existing(operation), walk.Token, ApiWalk.Json(body.ToJsonString()))).FieldFinding(field, 400, 422));
            }

            findings.Count.ShouldBeGreaterThan(100);
            findings.OfType<string>().ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task A_parameter_that_cannot_be_read_is_named()
    {
        var walk = await WalkAsync();
        var findings = new List<string?>();
        foreach (var operation in walk.Operations.Where(o => o.Method == "GET"))
        {
            // Logs take no parameter that they do not know; users are listed by directory.
            var isLog = operation.Path.Contains("/logs/", StringComparison.Ordinal);
            var path = isLog ? operation.With((_, _) => "identity.admin-action-log") + "?" : walk.Existing(operation) + "?directory=customers&";
            foreach (var (name, value) in new[] { ("limit", "0"), ("limit", "many"), ("limit", "99999999999"), ("cursor", "'--") })
            {
                if (!operation.Parameters.Contains(name, StringComparer.Ordinal)) continue;
                findings.Add((await walk.SendAsync(operation, $"{path}{name}={value}", walk.Token)).FieldFinding(name, 400));
            }
        }

        findings.Count.ShouldBeGreaterThan(30);
        findings.OfType<string>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        var walk = await WalkAsync();
        var huge = $$"""{"a":"{{new string('a', 1024 * 1024)}}"}""";
        await WithoutAChangeAsync(walk, async () =>
        {
            var findings = new List<string?>();
            foreach (var operation in walk.Operations.Where(o => o.TakesJson)) findings.Add((await walk.SendAsync(operation, walk.Existing(operation), walk.Token, ApiWalk.Json(huge))).Finding("(1 MiB)", 413));
            findings.OfType<string>().ShouldBeEmpty();
        });
    }

    private Task<ApiWalk> WalkAsync() => ApiWalk.StartedAsync(server);

    private static async Task WithoutAChangeAsync(ApiWalk walk, Func<Task> work)
    {
        var before = await walk.RowsAsync();
        await work();
        ApiWalk.Changes(before, await walk.RowsAsync()).ShouldBeEmpty("what was refused left something behind");
    }

    /// <summary>Whoever has an admin area has its attempts in the admin action log, under the account that tried (0: nobody known).</summary>
    private async Task AreOnRecordAsync(IEnumerable<Answer> answers, long account)
    {
        var logs = server.Services.GetRequiredService<LogStreams>();
        foreach (var answer in answers.Where(a => a.Operation.Needs!.AdminArea is not null))
        {
            var page = await logs.QueryAsync(new StreamQuery("identity.admin-action-log", account) { RequestId = answer.RequestId }, CancellationToken.None);
            var record = page.Entries.ShouldHaveSingleItem(answer.Operation.ToString());
            record.Fields.Single(f => f.Key == "log-area").Value.ShouldBe($"{answer.Operation.Needs!.AdminArea} refused");
        }
    }

    private static async Task<long> AccountAsync(ApiWalk walk)
    {
        var answer = await walk.SendAsync(walk.Operations.Single(o => o is { Method: "GET", Path: "/api/v1/account" }), "/api/v1/account", walk.Token);
        using var account = JsonDocument.Parse(answer.Text);
        return account.RootElement.GetProperty("uin").GetInt64();
    }

    private async Task<string> ExpiredAsync(ApiWalk walk)
    {
        var token = await walk.NewTokenAsync(await server.InitialAdminAsync(), 30);
        server.Time.Advance(TimeSpan.FromSeconds(31));
        return token;
    }

    private static string Altered(string token)
    {
        var parts = token.Split('.');
        parts.Length.ShouldBe(3);
        var signature = parts[2].ToCharArray();
        signature[10] = signature[10] == 'A' ? 'B' : 'A';
        return $"{parts[0]}.{parts[1]}.{new string(signature)}";
    }

    private static StringContent? Right(Operation operation) => operation.TakesJson ? ApiWalk.Json(Bodies.Right(operation.Body!).ToJsonString()) : null;
}
