using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Totp;

namespace Custodia.Identity.Tests.SignIn;

/// <summary>What the tests of signing in do again and again.</summary>
internal static class SignInSteps
{
    public const string Second = "/d/customers/sign-in/second";
    public const string Security = "/account/customers/security";

    private static int _people;

    /// <summary>A new person, signed in.</summary>
    public static async Task<(Visitor Visitor, string Email)> NewPersonAsync(this PeopleServer server)
    {
        var email = $"person-{Interlocked.Increment(ref _people)}@signin.example";
        return (await server.SignUpAsync(email), email);
    }

    public static Task<Visitor> SignInAgainAsync(this PeopleServer server, string email) => server.SignInAsync("customers", email, "a-quite-long-phrase");

    /// <summary>Changes the rules of a directory through the API.</summary>
    public static async Task RuleAsync(this PeopleServer server, object change, string directory = "customers")
    {
        using var answer = await (await server.AdminAsync()).PatchAsJsonAsync($"/api/v1/directories/{directory}/sign-in", change);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The digits that an app shows now, or so many steps away.</summary>
    public static string Digits(this PeopleServer server, byte[] secret, int steps = 0) => TotpCode.At(secret, TotpCode.StepAt(server.Time.GetUtcNow()) + steps);

    /// <summary>The secret that the open page shows.</summary>
    public static byte[] SecretShown(this Visitor visitor)
    {
        var typed = Regex.Match(visitor.Html, "<code>([A-Z2-7 ]{32,})</code>").Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        var bits = string.Concat(typed.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(b => b.Length == 8).Select(b => Convert.ToByte(new string(b), 2))];
    }

    /// <summary>The recovery codes that the open page shows.</summary>
    public static string[] CodesShown(this Visitor visitor) =>
        [.. Regex.Matches(Regex.Match(visitor.Html, "<code>[^<]*</code>").Value, "[a-z2-9]{5}-[a-z2-9]{5}").Select(m => m.Value)];

    /// <summary>Sets an authenticator app up in the portal.</summary>
    /// <returns>The secret and the recovery codes.</returns>
    public static async Task<(byte[] Secret, string[] Codes)> AddAppAsync(this PeopleServer server, Visitor visitor)
    {
        await visitor.OpenAsync(Security + "/app");
        var secret = visitor.SecretShown();
        await visitor.PostAsync(Security + "/app", ("code", server.Digits(secret)));
        visitor.Status.ShouldBe(HttpStatusCode.OK, visitor.Html);
        return (secret, visitor.CodesShown());
    }

    public static Task<Visitor> CodeAsync(this Visitor visitor, string kind, string code, bool trust = false) =>
        visitor.PostAsync(Second, ("kind", kind), ("code", code), ("trust", trust ? "true" : ""));

    /// <summary>Adds a passkey in the portal.</summary>
    public static async Task AddPasskeyAsync(this Visitor visitor, Authenticator authenticator)
    {
        await visitor.OpenAsync(Security);
        var (reference, options) = await visitor.QuestionAsync(Security + "/passkeys/options");
        await visitor.PostAsync(Security + "/passkeys", ("reference", reference), ("credential", authenticator.Make(options)), ("name", "My key"));
        visitor.Status.ShouldBe(HttpStatusCode.OK, visitor.Location);
    }

    /// <summary>What the page's script would ask the browser.</summary>
    public static async Task<(string Reference, JsonElement Options)> QuestionAsync(this Visitor visitor, string address)
    {
        var page = visitor.Copy();
        await page.PostAsync(address);
        page.Status.ShouldBe(HttpStatusCode.OK, page.Html);
        using var json = JsonDocument.Parse(page.Html);
        return (json.RootElement.GetProperty("reference").GetString()!, json.RootElement.GetProperty("options").Clone());
    }

    public static bool IsSignedIn(this Visitor visitor) => visitor.Status == HttpStatusCode.SeeOther && visitor.Cookie("custodia-customers") is not null;
}
