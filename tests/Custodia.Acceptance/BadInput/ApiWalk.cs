using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Acceptance.Contracts;
using Custodia.Testing;
using Microsoft.Data.Sqlite;

namespace Custodia.Acceptance.BadInput;

/// <summary>Everything that is needed to call every operation badly: tokens, and things that exist.</summary>
internal sealed class ApiWalk
{
    private const int Day = 86_400;

    private static Task<ApiWalk>? _started;
    private readonly ProductServer _server;
    private readonly HttpClient _client;
    private readonly Dictionary<string, string> _existing = new(StringComparer.Ordinal);
    private int _calls;

    private ApiWalk(ProductServer server)
    {
        _server = server;
        _client = server.Client();
    }

    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>With every permission.</summary>
    public string Token { get; private set; } = "";

    /// <summary>With no permission of the API.</summary>
    public string Powerless { get; private set; } = "";

    /// <summary>One for all tests of the collection, which run one after the other.</summary>
    public static Task<ApiWalk> StartedAsync(ProductServer server) => _started ??= StartAsync(server);

    private static async Task<ApiWalk> StartAsync(ProductServer server)
    {
        var walk = new ApiWalk(server) { Operations = await Operation.AllAsync(server) };
        var admin = await server.InitialAdminAsync();
        walk.Token = await admin.TokenAsync(server.Client());
        // Both are for all tests of the collection: on a busy machine they take longer than a token lives by default.
        await walk.LongLivedAsync(admin, Day);
        walk.Token = await admin.TokenAsync(server.Client());
        walk.Powerless = await walk.NewTokenAsync(admin, Day);
        await walk.FindExistingAsync();
        await walk.ForgottenAsync();
        return walk;
    }

    /// <summary>A token that lives for so many seconds and may do nothing below <c>/api</c>.</summary>
    public async Task<string> NewTokenAsync(InitialAdmin admin, int seconds)
    {
        var body = new { directory = "staff", kind = "m2m", name = "Powerless", permissions = new[] { "console.use" }, accessTokenSeconds = seconds };
        var made = await SendJsonAsync(HttpMethod.Post, "/api/v1/applications", body);
        var (id, secret) = (made.GetProperty("application").GetProperty("clientId").GetString()!, made.GetProperty("clientSecret").GetString()!);
        return await (admin with { ClientId = id, ClientSecret = secret }).TokenAsync(_server.Client());
    }

    /// <summary>The path with ids of things that the demo account has, as far as there are such.</summary>
    public string Existing(Operation operation)
    {
        var before = "";
        return operation.With((name, rule) =>
        {
            before = operation.Path[..operation.Path.IndexOf($"{{{name}}}", StringComparison.Ordinal)];
            return _existing.GetValueOrDefault(before) ?? Unknown(name, rule);
        });
    }

    public bool Exists(Operation operation) => operation.HasIds && _existing.ContainsKey(operation.Path[..operation.Path.IndexOf('{', StringComparison.Ordinal)]);

    public static string Unknown(string name, string? rule) => rule switch
    {
        "guid" => Guid.CreateVersion7().ToString(),
        "long" => "999000000001",
        _ => name == "kind" ? "email" : "no-such-thing",
    };

    /// <summary>Sends a call under a request id of its own.</summary>
    public async Task<Answer> SendAsync(Operation operation, string path, string? token, HttpContent? body = null, bool otherAccount = false)
    {
        var id = $"walk-{Interlocked.Increment(ref _calls):000000}-{Guid.CreateVersion7():N}";
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method), path) { Content = body };
        request.Headers.Add("X-Request-Id", id);
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (otherAccount) request.Headers.Add(ProductServer.OtherAccountHeader, "1");
        using var response = await _client.SendAsync(request);
        return new Answer(operation, id, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>Rows by table; taken when nothing in the background adds to them any more.</summary>
    public async Task<Dictionary<string, long>> RowsAsync()
    {
        var before = await CountAsync();
        for (var (quiet, tries) = (0, 0); quiet < 5 && tries < 200; tries++)
        {
            await Task.Delay(75);
            var now = await CountAsync();
            quiet = Changes(before, now).Any() ? 0 : quiet + 1;
            before = now;
        }

        return before;
    }

    public static IEnumerable<string> Changes(Dictionary<string, long> before, Dictionary<string, long> after) =>
        after.Where(t => before[t.Key] != t.Value).Select(t => $"{t.Key} had {before[t.Key]} rows and has {t.Value}");

    private async Task<Dictionary<string, long>> CountAsync()
    {
        await using var database = new SqliteConnection($"Data Source={Path.Combine(_server.DataDirectory, "main", "custodia.db")};Mode=ReadOnly");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT group_concat('SELECT ''' || name || ''', count(*) FROM \"' || name || '\"', ' UNION ALL ') FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        command.CommandText = (string)(await command.ExecuteScalarAsync())!;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync()) rows[reader.GetString(0)] = reader.GetInt64(1);
        return rows;
    }

    private async Task LongLivedAsync(InitialAdmin admin, int seconds)
    {
        var applications = await SendJsonAsync(HttpMethod.Get, "/api/v1/applications?directory=staff", null);
        var own = applications.GetProperty("items").EnumerateArray().Single(a => a.GetProperty("clientId").GetString() == admin.ClientId);
        await SendJsonAsync(HttpMethod.Patch, $"/api/v1/applications/{own.GetProperty("id").GetGuid()}", new { accessTokenSeconds = seconds });
    }

    private async Task FindExistingAsync()
    {
        var user = await SendJsonAsync(HttpMethod.Post, "/api/v1/users", new { directory = "customers", userName = "walked-over" });
        _existing["/api/v1/users/"] = user.GetProperty("id").GetString()!;
        var leaving = await SendJsonAsync(HttpMethod.Post, "/api/v1/users", new { directory = "customers", userName = "walked-away" });
        _existing["/api/v1/deletion-requests/"] = (await SendJsonAsync(HttpMethod.Delete, $"/api/v1/users/{leaving.GetProperty("id").GetString()}", null)).GetProperty("id").GetString()!;
        _existing["/api/v1/directories/"] = "customers";
        var ticket = new { productCategory = "account", problemType = "sign-in", title = "Walked over", description = "It does not open." };
        _existing["/api/v1/tickets/"] = (await SendJsonAsync(HttpMethod.Post, "/api/v1/tickets", ticket)).GetProperty("id").GetString()!;
        foreach (var list in new[] { "sub-accounts", "applications", "integration/groups", "integration/projects", "integration/flows", "integration/jobs" })
            _existing[$"/api/v1/{list}/"] = await FirstAsync(list);
    }

    /// <summary>The person who leaves is gone before anything is counted.</summary>
    private async Task ForgottenAsync()
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var request = await SendJsonAsync(HttpMethod.Get, $"/api/v1/deletion-requests/{_existing["/api/v1/deletion-requests/"]}", null);
            if (request.GetProperty("state").GetString() == "done") return;
            await Task.Delay(100);
        }

        throw new TimeoutException("The deletion is not done.");
    }

    /// <summary>The first of a list; a job is there when the flow that welcomes new users has started.</summary>
    private async Task<string> FirstAsync(string list)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var items = (await SendJsonAsync(HttpMethod.Get, $"/api/v1/{list}", null)).GetProperty("items");
            if (items.GetArrayLength() > 0) return items[0].GetProperty(list == "sub-accounts" ? "uin" : "id").ToString();
            await Task.Delay(50);
        }

        throw new TimeoutException($"The list {list} stays empty.");
    }

    private async Task<JsonElement> SendJsonAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await _client.SendAsync(request);
        response.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}

/// <summary>What came back, and what is wrong with it.</summary>
internal sealed record Answer(Operation Operation, string RequestId, int Status, string? MediaType, string Text)
{
    /// <summary>Null when it is a problem with one of these statuses and this call's request id.</summary>
    public string? Finding(string what, params int[] statuses)
    {
        if (!statuses.Contains(Status)) return $"{Operation} {what}: {Status} instead of {string.Join(" or ", statuses)}; {Short}";
        if (MediaType != "application/problem+json") return $"{Operation} {what}: {Status} as {MediaType}";
        using var problem = JsonDocument.Parse(Text);
        var root = problem.RootElement;
        if (root.GetProperty("status").GetInt32() != Status) return $"{Operation} {what}: says another status; {Short}";
        if (!root.TryGetProperty("requestId", out var id) || id.GetString() != RequestId) return $"{Operation} {what}: has not the request's id; {Short}";
        return root.GetProperty("type").GetString()!.StartsWith("urn:custodia:problem:", StringComparison.Ordinal) ? null : $"{Operation} {what}: {Short}";
    }

    /// <summary>As above, and the problem names the field.</summary>
    public string? FieldFinding(string field, params int[] statuses)
    {
        if (Finding($"with '{field}' wrong", statuses) is { } finding) return finding;
        using var problem = JsonDocument.Parse(Text);
        var named = problem.RootElement.TryGetProperty("errors", out var errors)
            && errors.EnumerateObject().Any(e => e.Name == field || e.Name.StartsWith(field + ".", StringComparison.Ordinal) || e.Name.StartsWith(field + "[", StringComparison.Ordinal));
        return named ? null : $"{Operation} with '{field}' wrong: the field is not named; {Short}";
    }

    private string Short => Text.Length > 300 ? Text[..300] : Text;
}
