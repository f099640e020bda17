using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Tests.SignIn;
using Microsoft.IdentityModel.Tokens;

namespace Custodia.Identity.Tests.Conformance;

/// <summary>How people sign in, from outside (OWASP ASVS 5, chapters 6 and 7).</summary>
public sealed class AuthenticationRules(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string SignIn = "/d/customers/sign-in";

    /// <summary>ASVS 6.2.10: a password ends when it is known to others, not when it is old.</summary>
    [Fact]
    public async Task A_password_is_good_however_old_it_is()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var (_, email) = await own.NewPersonAsync();
        own.Time.Advance(TimeSpan.FromDays(800));
        var visitor = await own.SignInAgainAsync(email);
        visitor.IsSignedIn().ShouldBeTrue(visitor.Html);
        (await visitor.OpenAsync("/account/customers")).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>ASVS 6.3.4: no way in beside those that the directory offers, not with what was given out before either.</summary>
    [Fact]
    public async Task A_way_that_is_off_is_closed_also_to_what_was_sent_before()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var (_, email) = await own.NewPersonAsync();
        var asked = own.Visitor();
        await asked.OpenAsync(SignIn + "/code");
        await asked.PostAsync(SignIn + "/code", ("email", email));
        var recovering = own.Visitor();
        await recovering.OpenAsync("/d/customers/recover");
        await own.RuleAsync(new { ways = new[] { "password" } });

        await asked.PostAsync(SignIn + "/code/check", ("id", asked.Hidden("id")), ("code", await own.CodeForAsync(email)));
        asked.Status.ShouldBe(HttpStatusCode.Forbidden);
        asked.Cookie("custodia-customers").ShouldBeNull();
        foreach (var way in new[] { "/code", "/sms", "/link", "/passkey/options", "/passkey" })
        {
            var visitor = own.Visitor();
            await visitor.OpenAsync(SignIn);
            await visitor.PostAsync(SignIn + way, ("email", email), ("mobile", "+4915123456701"), ("link", "x"));
            visitor.Status.ShouldBe(HttpStatusCode.Forbidden, way);
        }

        var known = own.Visitor();
        await known.OpenAsync(SignIn);
        await own.RuleAsync(new { ways = new[] { "mailed-code" } });
        await known.PostAsync(SignIn, ("name", email), ("password", "a-quite-long-phrase"));
        known.Status.ShouldBe(HttpStatusCode.Forbidden);
        await recovering.PostAsync("/d/customers/recover", ("email", email));
        recovering.Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    /// <summary>ASVS 6.3.5: somebody who signs in from another browser is told of to the person, the first browser of all is not.</summary>
    [Fact]
    public async Task A_sign_in_from_a_browser_not_seen_before_is_told_to_the_person()
    {
        var (_, email) = await server.NewPersonAsync();
        (await server.OutboxAsync(email)).ShouldNotContain(m => m.Text.Contains("browser that you have not used before", StringComparison.Ordinal));
        var other = await server.SignInAgainAsync(email);
        other.IsSignedIn().ShouldBeTrue();
        (await server.OutboxAsync(email)).Count(m => m.Text.Contains("browser that you have not used before", StringComparison.Ordinal)).ShouldBe(1);
        // The same browser again is no news.
        other.Forget("custodia-customers");
        await other.OpenAsync(SignIn);
        await other.PostAsync(SignIn, ("name", email), ("password", "a-quite-long-phrase"));
        other.IsSignedIn().ShouldBeTrue();
        (await server.OutboxAsync(email)).Count(m => m.Text.Contains("browser that you have not used before", StringComparison.Ordinal)).ShouldBe(1);
    }

    /// <summary>ASVS 6.4.6: staff can have a person choose a new password; they never choose it.</summary>
    [Theory]
    [InlineData("password")]
    [InlineData("newPassword")]
    [InlineData("passwordHash")]
    public async Task Staff_never_choose_the_password_of_somebody(string field)
    {
        var (_, email) = await server.NewPersonAsync();
        var id = await server.UserIdAsync(email);
        var admin = await server.AdminAsync();
        using var changed = await admin.PatchAsJsonAsync($"/api/v1/users/{id}", new Dictionary<string, string> { [field] = "chosen-by-somebody-else" });
        changed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await changed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
        (await server.SignInAsync("customers", email, "chosen-by-somebody-else")).IsSignedIn().ShouldBeFalse();
        (await server.SignInAgainAsync(email)).IsSignedIn().ShouldBeTrue();
    }

    /// <summary>ASVS 6.5.2 to 6.5.4: ten characters of an alphabet of 32 are 50 bits, of a generator that nobody foresees.</summary>
    [Fact]
    public async Task Recovery_codes_are_long_random_and_not_stored_as_they_are()
    {
        await using var own = await PeopleServer.StartNewAsync();
        var all = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var (visitor, _) = await own.NewPersonAsync();
            var (_, codes) = await own.AddAppAsync(visitor);
            codes.Length.ShouldBe(10);
            all.AddRange(codes);
        }

        all.ShouldBeUnique();
        all.ShouldAllBe(c => c.Replace("-", "", StringComparison.Ordinal).Length == 10);
        // 500 characters of 31 or 32 kinds: each kind is missing with a chance of one in ten million.
        all.SelectMany(c => c).Where(c => c != '-').Distinct().Count().ShouldBeGreaterThan(24);
        await own.StopAsync();
        foreach (var path in System.IO.Directory.EnumerateFiles(own.DataDirectory, "*", SearchOption.AllDirectories))
        {
            var content = await File.ReadAllBytesAsync(path);
            foreach (var code in all.SelectMany(c => new[] { c, c.Replace("-", "", StringComparison.Ordinal) }))
                content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(code)).ShouldBe(-1, Path.GetFileName(path));
        }
    }

    /// <summary>ASVS 6.6.2: a code counts for the request it was sent for, not for another of the same moment.</summary>
    [Fact]
    public async Task A_mailed_code_counts_for_its_own_request_only()
    {
        var (_, mine) = await server.NewPersonAsync();
        var (_, theirs) = await server.NewPersonAsync();
        var me = await AskAsync(mine);
        var them = await AskAsync(theirs);
        var crossed = me.Copy();
        await crossed.PostAsync(SignIn + "/code/check", ("id", them.Hidden("id")), ("code", await server.CodeForAsync(mine)));
        crossed.IsSignedIn().ShouldBeFalse();
        await me.PostAsync(SignIn + "/code/check", ("id", me.Hidden("id")), ("code", await server.CodeForAsync(mine)));
        me.IsSignedIn().ShouldBeTrue();
    }

    /// <summary>ASVS 6.7.2: at least 64 bits, new each time.</summary>
    [Fact]
    public async Task A_passkeys_challenge_is_long_and_new_each_time()
    {
        var seen = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            var visitor = server.Visitor();
            await visitor.OpenAsync(SignIn);
            var (_, options) = await visitor.QuestionAsync(SignIn + "/passkey/options");
            var challenge = options.GetProperty("challenge").GetString()!;
            Base64UrlEncoder.DecodeBytes(challenge).Length.ShouldBeGreaterThanOrEqualTo(16);
            seen.Add(challenge);
        }

        seen.ShouldBeUnique();
    }

    /// <summary>ASVS 7.4.4: whoever is signed in finds the way out on every page.</summary>
    [Theory]
    [InlineData("customers", "ada", "/account/customers")]
    [InlineData("staff", "administrator", "/console")]
    public async Task Every_page_of_somebody_signed_in_offers_to_sign_out(string directory, string name, string home)
    {
        var visitor = await server.SignInAsync(directory, name);
        var open = new Queue<string>([home]);
        var seen = new HashSet<string>(StringComparer.Ordinal) { home };
        var pages = 0;
        while (pages < 60 && open.TryDequeue(out var address))
        {
            await visitor.OpenAsync(address);
            // A file to keep is no page.
            if (visitor.Status != HttpStatusCode.OK || !visitor.Html.Contains("<link rel=\"stylesheet\"", StringComparison.Ordinal)) continue;
            pages++;
            visitor.Html.ShouldMatch("<form[^>]*action=\"/d/[a-z]+/sign-out\"", address);
            foreach (Match link in Regex.Matches(visitor.Html, "href=\"(?<to>/[^\"?#]*)\""))
            {
                var to = link.Groups["to"].Value;
                if (to.StartsWith(home, StringComparison.Ordinal) && seen.Add(to)) open.Enqueue(to);
            }
        }

        pages.ShouldBeGreaterThan(4);
    }

    private async Task<Visitor> AskAsync(string email)
    {
        var visitor = server.Visitor();
        await visitor.OpenAsync(SignIn + "/code");
        return await visitor.PostAsync(SignIn + "/code", ("email", email));
    }
}
