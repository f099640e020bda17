using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Vault;
using Custodia.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Tickets.Tests.Server;

/// <summary>
/// The real server. Who calls is said by a header instead of Identity's sessions, so that every role and account can be played;
/// what Identity tells by events is told to the real subscriber.
/// </summary>
public class TicketServer : CustodiaServer
{
    public const string Directory = "customers";
    internal const long Account = 300_000_000_077;
    internal const long OtherAccount = 300_000_000_078;
    private static readonly string[] Everything = [.. Permissions.All.Select(p => p.Id)];

    private readonly ConcurrentDictionary<string, Caller> _callers = new(StringComparer.Ordinal);

    public TicketServer()
    {
        Settings["Custodia:SampleContent"] = "false";
        // Retention is enforced by the tests, when they say so.
        Settings["Custodia:Roles"] = "web,worker";
        Adjust = builder =>
        {
            builder.Services.AddSingleton<ICallerResolver>(new HeaderCallers(_callers));
            builder.Services.AddOpenAccounts(Account, OtherAccount);
        };
        Agent = Staff("agent", Role.SupportAgent);
        Lead = Staff("lead", Role.SupportLead);
        Owner = Staff("owner", Role.Owner);
        Stranger = Staff("stranger", Role.Owner) with { Account = OtherAccount };
    }

    internal Caller Agent { get; }

    internal Caller Lead { get; }

    internal Caller Owner { get; }

    /// <summary>Owner of another account.</summary>
    internal Caller Stranger { get; }

    /// <summary>A client that calls as somebody, with a browser's cookies.</summary>
    internal HttpClient As(Caller caller)
    {
        _callers[caller.TokenReference] = caller;
        var client = Browser();
        client.DefaultRequestHeaders.Add("X-Test-Caller", caller.TokenReference);
        return client;
    }

    /// <summary>A client that calls the API as somebody, as a program does.</summary>
    internal HttpClient Api(Caller caller)
    {
        _callers[caller.TokenReference] = caller;
        var client = Client();
        client.DefaultRequestHeaders.Add("X-Test-Caller", caller.TokenReference);
        return client;
    }

    /// <summary>A person who has registered, as Identity tells it.</summary>
    internal async Task<Caller> PersonAsync(string name, string? email = null, string? mobile = null, string? displayName = null, string locale = "en")
    {
        var caller = new Caller(CallerKind.User, Account, 1, Guid.CreateVersion7(), 0, name, Directory, RequestSource.Console, "user-" + name);
        await TellAsync("identity.user.registered", caller, new
        {
            userId = caller.Person,
            directory = Directory,
            userName = name,
            displayName = displayName ?? name,
            email,
            emailVerified = email is not null,
            mobile,
            locale,
        });
        return caller;
    }

    internal async Task TellAsync(string type, Caller about, object data)
    {
        var message = new EventEnvelope(Guid.CreateVersion7(), type, 1, Account, about.Person, Time.GetUtcNow(), JsonSerializer.SerializeToElement(data, JsonSerializerOptions.Web));
        await InScopeAsync(services => services.GetRequiredService<Custodia.Tickets.Contacts.RegisteredContacts>().HandleAsync(message, default));
    }

    /// <summary>A ticket of a person, opened through the portal's form; its id and number.</summary>
    internal async Task<(Guid Id, long Number)> OpenAsync(Caller person, string title = "It is broken", string description = "Since this morning nothing works.")
    {
        var form = new TicketForm { ["title"] = title, ["description"] = description };
        var answer = await As(person).SubmitAsync($"/support/{Directory}/new", $"/support/{Directory}/new", form.Fields);
        answer.Path.ShouldStartWith($"/support/{Directory}/tickets/", customMessage: answer.Text);
        var number = long.Parse(answer.Path[(answer.Path.LastIndexOf('/') + 1)..]);
        var list = await As(Owner).GetFromJsonAsync<JsonElement>($"/api/v1/tickets?number={number}");
        return (list.GetProperty("items")[0].GetProperty("id").GetGuid(), number);
    }

    internal async Task InScopeAsync(Func<IServiceProvider, Task> work)
    {
        await using var scope = Services.CreateAsyncScope();
        await work(scope.ServiceProvider);
    }

    internal async Task<T> InContextAsync<T>(Func<TicketsContext, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TicketsContext>());
    }

    internal DataVault Vault => Services.GetRequiredService<DataVault>();

    /// <summary>What a rule would delete now, and then what it has deleted.</summary>
    internal async Task<(long Due, int Deleted)> EnforceAsync(string category, string trigger)
    {
        await using var scope = Services.CreateAsyncScope();
        var line = Services.GetRequiredService<LoadedPolicy>().Category(category).DeleteOn.Single(t => t.Name == trigger);
        var rule = scope.ServiceProvider.GetServices<IRetentionRule>().Single(r => r.Category == category && r.Trigger == trigger);
        var moment = new RetentionMoment(Time.GetUtcNow(), line);
        var preview = await rule.PreviewAsync(moment, default);
        return (preview.Due, await rule.EnforceAsync(moment, default));
    }

    internal async Task<string?> MailedCodeAsync(string address)
    {
        var mails = await OutboxAsync(address);
        return mails.Where(m => m.Origin == "tickets.code").OrderByDescending(m => m.CreatedAt).Select(m => Regex.Match(m.Text, "[0-9]{6}").Value).FirstOrDefault();
    }

    internal Caller Staff(string name, params string[] roles) =>
        new(CallerKind.SubAccount, Account, 1, Guid.CreateVersion7(), 9, name, "staff", RequestSource.Console, "staff-" + name)
        {
            Roles = roles,
            Permissions = Everything.ToFrozenSet(StringComparer.Ordinal),
        };

    private sealed class HeaderCallers(ConcurrentDictionary<string, Caller> callers) : ICallerResolver
    {
        public ValueTask<Caller?> ResolveAsync(HttpContext http, AccessRule rule, CancellationToken cancellation) =>
            ValueTask.FromResult(http.Request.Headers["X-Test-Caller"].ToString() is { Length: > 0 } name ? callers.GetValueOrDefault(name) : null);

        public string SignInPath(HttpContext http, AccessRule rule) => "/d/staff/sign-in";
    }
}

/// <summary>Tests that need no server of their own share one.</summary>
[CollectionDefinition(Name)]
public sealed class SharedServer : ICollectionFixture<TicketServer>
{
    public const string Name = "shared server";
}

/// <summary>The form of a new ticket, filled in.</summary>
internal sealed class TicketForm
{
    public Dictionary<string, string> Fields { get; } = new(StringComparer.Ordinal)
    {
        ["category"] = "service",
        ["problemType"] = "fault",
        ["severity"] = "high",
        ["title"] = "It is broken",
        ["description"] = "Since this morning nothing works.",
    };

    public string this[string name]
    {
        set => Fields[name] = value;
    }
}

/// <summary>What a page answered.</summary>
/// <param name="Path">Where the browser ended, without query.</param>
internal sealed record PageAnswer(int Status, string Path, string Query, string Text)
{
    public bool Shows(string text) => System.Net.WebUtility.HtmlDecode(Text).Contains(text, StringComparison.Ordinal);
}

/// <summary>Fills in forms as a browser does: gets the page, takes its token, posts.</summary>
internal static partial class FormPosts
{
    public static async Task<PageAnswer> PageAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return await ReadAsync(answer);
    }

    /// <param name="files">Name and bytes of files to attach; then, and for forms with files, the form is multipart.</param>
    public static async Task<PageAnswer> SubmitAsync(
        this HttpClient client, string page, string action, IReadOnlyDictionary<string, string> fields, params (string Name, byte[] Bytes)[] files)
    {
        var html = await client.GetStringAsync(page);
        var token = Token().Match(html).Groups["token"].Value;
        if (action.EndsWith("/new", StringComparison.Ordinal) || action.EndsWith("/reply", StringComparison.Ordinal))
        {
            using var multipart = new MultipartFormDataContent();
            multipart.Add(new StringContent(token), "form-token");
            foreach (var (name, value) in fields) multipart.Add(new StringContent(value), name);
            foreach (var (name, bytes) in files) multipart.Add(new ByteArrayContent(bytes), "files", name);
            using var posted = await client.PostAsync(action, multipart);
            return await ReadAsync(posted);
        }

        using var form = new FormUrlEncodedContent([new("form-token", token), .. fields]);
        using var answer = await client.PostAsync(action, form);
        return await ReadAsync(answer);
    }

    private static async Task<PageAnswer> ReadAsync(HttpResponseMessage answer)
    {
        var address = answer.RequestMessage!.RequestUri!;
        return new PageAnswer((int)answer.StatusCode, address.AbsolutePath, address.Query, await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("name=\"form-token\" value=\"(?<token>[^\"]+)\"")]
    private static partial Regex Token();
}

internal static class ApiCalls
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>The code of a problem, after <c>urn:custodia:problem:</c>.</summary>
    public static async Task<string> ProblemAsync(this HttpResponseMessage answer, int status)
    {
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        return (await answer.JsonAsync()).GetProperty("type").GetString()!.Split(':')[^1];
    }
}
