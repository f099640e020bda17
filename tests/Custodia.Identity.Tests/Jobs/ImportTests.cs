using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Jobs;

public sealed class ImportTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private static readonly object Plan = new { mapping = new { userName = "login", email = "mail", displayName = "name", emailVerified = "verified", status = "state" } };

    [Fact]
    public async Task Good_rows_become_users_and_bad_ones_a_report_without_their_values()
    {
        var admin = await server.AdminAsync();
        var before = (await server.StatisticsAsync()).GetProperty("users").GetInt64();
        var job = await admin.ImportAsync(
            """
            login,mail,name,verified,state
            imp-one,imp-one@example.com,"One, the first",true,active
            imp-two,not-an-address,Two,,
            ,,nobody,,
            imp-three,imp-three@example.com,Three,perhaps,
            too,few
            imp-four,imp-four@example.com,Four,no,LOCKED
            imp-lines,imp-lines@example.com,"Four
            in two lines",no,LOCKED
            imp-five,imp-five@example.com,Five,,gone

            """,
            Plan);
        job.GetProperty("status").GetString().ShouldBe("done");
        job.Figures().ShouldBe((2, 0, 0, 6));
        (await server.StatisticsAsync()).GetProperty("users").GetInt64().ShouldBe(before + 2);

        using var report = await admin.GetAsync($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}/report");
        var lines = (await report.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");
        lines.ShouldBe(["line,field,rule", "3,email,email-shape", "4,email,email-or-user-name", "5,email-verified,true-or-false", "6,row,csv-columns", "8,display-name,control-characters", "10,status,unknown-value"]);
        var staff = await server.SignInAsync("staff", "administrator");
        staff.Languages = "zh";
        await staff.OpenAsync($"/console/user-jobs/{job.GetProperty("id").GetGuid()}");
        staff.Html.ShouldContain("邮箱格式不正确。");
        staff.Html.ShouldNotMatch("role=\"cell\"[^>]*>[a-z]+(-[a-z]+)*</td>", "codes are for programs");
        staff.Html.ShouldNotContain("id=\"cancel\"", customMessage: "it is over");
        var found = await admin.GetFromJsonAsync<JsonElement>("/api/v1/users?directory=customers&userName=imp-four");
        found.GetProperty("items")[0].GetProperty("status").GetString().ShouldBe("LOCKED");
    }

    [Fact]
    public async Task People_sign_in_with_the_password_they_had_and_get_one_of_our_hashes()
    {
        var admin = await server.AdminAsync();
        var job = await admin.ImportAsync(
            """
            login;hash
            mixed-bcrypt;$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i
            mixed-argon;$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc
            mixed-scrypt;$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$ijw2dGXKiZHhlf02Tv3x3JvuJw9MaRiRLqT60b/RIjw
            mixed-django;pbkdf2_sha256$1000$seasalt$vX+GYjh4XLfrD1VP0nlC/QP2Ql/EFuOIBiL1zZLdrJU=
            mixed-ldap;{SSHA}ZWHw6HLH/7RDlQrfRffNZrZnGGBzYWx0c2FsdA==
            mixed-bad;$1$old$crypt
            mixed-dear;$2b$31$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i
            """,
            new { mapping = new { userName = "login", passwordHash = new { column = "hash" } } });
        job.Figures().ShouldBe((5, 0, 0, 2));
        var findings = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}/findings");
        findings.GetProperty("items").EnumerateArray().Select(f => f.GetProperty("rule").GetString()).ShouldBe(["hash-format", "hash-cost"]);

        foreach (var (name, password) in new[]
                 {
                     ("mixed-bcrypt", "abc"), ("mixed-argon", "password"), ("mixed-scrypt", "a-quite-long-phrase"),
                     ("mixed-django", "a-quite-long-phrase"), ("mixed-ldap", "a-quite-long-phrase"),
                 })
        {
            (await HashOfAsync(name)).ShouldStartWith("$");
            (await server.SignInAsync("customers", name, "wrong-" + password)).Status.ShouldNotBe(HttpStatusCode.SeeOther);
            (await HashOfAsync(name)).ShouldStartWith("$");
            (await server.SignInAsync("customers", name, password)).Status.ShouldBe(HttpStatusCode.SeeOther, name);
            (await HashOfAsync(name)).ShouldStartWith("AQAAAA");
            (await server.SignInAsync("customers", name, password)).Status.ShouldBe(HttpStatusCode.SeeOther, name);
        }
    }

    [Fact]
    public async Task Who_is_there_already_is_skipped_updated_or_reported_as_chosen()
    {
        var admin = await server.AdminAsync();
        var mapping = new { userName = "login", email = "mail", displayName = "name" };
        (await admin.ImportAsync("login,mail,name\ndup-a,dup-a@example.com,A\ndup-b,dup-b@example.com,B\n", new { mapping })).Figures().ShouldBe((2, 0, 0, 0));

        // The same person twice in a file is met as somebody who is there already.
        const string Again = "login,mail,name\ndup-a,dup-a@example.com,A2\ndup-c,dup-c@example.com,C\nDUP-C,other-c@example.com,C2\n";
        (await admin.ImportAsync(Again, new { mapping, duplicates = "fail", dryRun = true })).Figures().ShouldBe((1, 0, 0, 2));
        (await admin.ImportAsync(Again, new { mapping, duplicates = "skip" })).Figures().ShouldBe((1, 0, 2, 0));
        (await admin.ImportAsync(Again, new { mapping, duplicates = "update" })).Figures().ShouldBe((0, 3, 0, 0));
        (await ProfileAsync("dup-a")).DisplayName.ShouldBe("A2");
        (await ProfileAsync("dup-c")).Email.ShouldBe("other-c@example.com");

        // A name of one person with the address of another is nobody's row.
        (await admin.ImportAsync("login,mail,name\ndup-a,dup-b@example.com,X\n", new { mapping, duplicates = "update" })).Figures().ShouldBe((0, 0, 0, 1));
    }

    [Fact]
    public async Task A_preview_and_a_dry_run_write_nothing()
    {
        var admin = await server.AdminAsync();
        var job = await admin.UploadAsync("login,mail\npre-one,pre-one@example.com\n!,x\nada,ada@customers.example\n");
        using var preview = await admin.PostAsJsonAsync($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}/preview", new { mapping = new { userName = "login", email = "mail" } });
        var rows = (await preview.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("verdict").GetString());
        rows.ShouldBe(["create", "fail", "skip"]);
        await admin.StartAsync(job, new { mapping = new { userName = "login", email = "mail" }, dryRun = true });
        var done = await admin.EndOfAsync(job);
        done.Figures().ShouldBe((1, 0, 1, 1));
        done.GetProperty("dryRun").GetBoolean().ShouldBeTrue();
        (await admin.GetFromJsonAsync<JsonElement>("/api/v1/users?directory=customers&userName=pre-one")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Ndjson_is_read_line_by_line()
    {
        var admin = await server.AdminAsync();
        var job = await admin.ImportAsync(
            """
            {"login":"nd-one","profile":{"tier":"gold"},"groups":["x"]}
            [1]
            {"login":"nd-two",
            {"login":"nd-three","n":1}
            """,
            new { mapping = new { userName = "login", customAttributes = new Dictionary<string, string> { ["tier"] = "profile.tier" } } },
            "application/x-ndjson");
        job.Figures().ShouldBe((2, 0, 0, 2));
        (await ProfileAsync("nd-one")).CustomAttributes.ShouldBe("""{"tier":"gold"}""");
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a,a\n1,2\n", "file-columns")]
    [InlineData("a,\n1,2\n", "file-columns")]
    public async Task A_file_without_usable_columns_is_refused_and_not_kept(string content, string rule)
    {
        var admin = await server.AdminAsync();
        var files = Directory.Exists(Path.Combine(server.DataDirectory, "jobs")) ? Directory.GetFiles(Path.Combine(server.DataDirectory, "jobs")).Length : 0;
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        body.Headers.ContentType = new("text/csv");
        using var answer = await admin.PostAsync("/api/v1/jobs/imports?directory=customers", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(rule);
        Directory.GetFiles(Path.Combine(server.DataDirectory, "jobs")).Length.ShouldBeLessThanOrEqualTo(files);
    }

    [Fact]
    public async Task A_plan_must_name_columns_of_the_file()
    {
        var admin = await server.AdminAsync();
        var job = await admin.UploadAsync("login\nplan-one\n");
        using var answer = await admin.PostAsJsonAsync($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}/start", new { mapping = new { mobile = "tel", passwordHash = new { column = "login", format = "rot13" } } });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldContain("email-or-user-name");
        text.ShouldContain("no column 'tel'");
        text.ShouldContain("passwordHash.format");
    }

    [Fact]
    public async Task The_file_lies_sealed_and_goes_with_the_end_of_the_job()
    {
        var admin = await server.AdminAsync();
        var job = await admin.UploadAsync("login,mail\nsealed-one,sealed-one@example.com\n");
        var path = Path.Combine(server.DataDirectory, "jobs", job.GetProperty("id").GetGuid().ToString("N"));
        (await File.ReadAllTextAsync(path, Encoding.Latin1)).ShouldNotContain("sealed-one");
        using (await admin.PostAsync($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}/cancel", null))
        {
        }

        await Eventually.TrueAsync(() => Task.FromResult(!File.Exists(path)));
        using var start = await admin.PostAsJsonAsync($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}/start", Plan);
        start.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task An_import_of_one_account_is_nobody_elses()
    {
        var admin = await server.AdminAsync();
        var job = await admin.UploadAsync("login\nmine\n");
        var ada = await server.SignInAsync("customers", "ada");
        (await ada.OpenAsync($"/console/user-jobs/{job.GetProperty("id").GetGuid()}")).Status.ShouldNotBe(HttpStatusCode.OK);
        using var none = await server.Client().GetAsync($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}");
        none.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_export_in_the_clear_is_for_the_whitelist_and_on_record()
    {
        var staff = await server.SignInAsync("staff", "administrator");
        await staff.OpenAsync("/console/user-jobs/export");
        await staff.PostAsync(
            "/console/user-jobs/export",
            ("directory", "customers"), ("format", "Csv"), ("fields", "email"), ("fields", "userName"), ("revealed", "true"), ("purpose", "user-administration"), ("reason", "a test of exports"));
        staff.Status.ShouldBe(HttpStatusCode.SeeOther);
        var page = staff.Location!;
        await Eventually.TrueAsync(async () => (await staff.OpenAsync(page)).Html.Contains($"{page}/file", StringComparison.Ordinal));
        var csv = (await staff.OpenAsync($"{page}/file")).Html;
        csv.Split("\r\n")[0].ShouldBe("id,status,emailVerified,createdAt,lastSignInAt,email,userName");
        csv.ShouldContain("ada@customers.example,ada");
        var ada = await server.UserIdAsync("ada@customers.example");
        (await server.LogAsync("kernel.reveal-log", ada)).Count.ShouldBeGreaterThanOrEqualTo(2);

        // Somebody else is not on that record, and an application has no role that could be.
        var admin = await server.AdminAsync();
        using var foreign = await admin.GetAsync($"/api/v1/jobs/{page.Split('/')[^1]}/file");
        foreign.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var refused = await admin.PostAsJsonAsync("/api/v1/jobs/exports", new { directory = "customers", fields = new[] { "email" }, revealed = true, purpose = "user-administration", reason = "a test of exports" });
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_export_of_masks_holds_nobodys_address_and_goes_with_a_person_of_the_directory()
    {
        var admin = await server.AdminAsync();
        using var masked = await admin.PostAsJsonAsync("/api/v1/jobs/exports", new { directory = "customers", format = "ndjson", fields = new[] { "email" }, status = "NORMAL" });
        masked.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var job = await admin.EndOfAsync(await masked.Content.ReadFromJsonAsync<JsonElement>());
        var file = $"/api/v1/jobs/{job.GetProperty("id").GetGuid()}/file";
        var text = await admin.GetStringAsync(file);
        text.ShouldContain("***@customers.example");
        text.ShouldNotContain("ada@");

        using var created = await admin.PostAsJsonAsync("/api/v1/users", new { directory = "customers", email = "leaves-with-exports@example.com" });
        using (await admin.DeleteAsync($"/api/v1/users/{(await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid()}"))
        {
        }

        await Eventually.TrueAsync(async () =>
        {
            using var gone = await admin.GetAsync(file);
            return gone.StatusCode == HttpStatusCode.Gone;
        });
        File.Exists(Path.Combine(server.DataDirectory, "jobs", job.GetProperty("id").GetGuid().ToString("N"))).ShouldBeFalse();
    }

    private async Task<string> HashOfAsync(string userName)
    {
        var hash = "";
        await server.InScopeAsync(async services =>
        {
            var user = await FindAsync(services, userName);
            hash = (await services.GetRequiredService<DataVault>().OpenAsync(user.At("credentials"), user.Credentials!, ProfileUse.SignIn, default))!;
        });
        return hash;
    }

    private async Task<Profile> ProfileAsync(string userName)
    {
        var profile = new Profile();
        await server.InScopeAsync(async services =>
            profile = await services.GetRequiredService<UserProfiles>().OpenAsync(await FindAsync(services, userName), ProfileUse.UserAdministration, default));
        return profile;
    }

    private static async Task<User> FindAsync(IServiceProvider services, string userName)
    {
        var directory = await services.GetRequiredService<IdentityContext>().Directories.SingleAsync(d => d.Name == "customers");
        return (await services.GetRequiredService<UserLookup>().FindAsync(directory, UserField.UserName, userName, default))!;
    }
}
