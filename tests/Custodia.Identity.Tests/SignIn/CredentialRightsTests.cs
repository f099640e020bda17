using System.Net;
using System.Text.Json;
using Custodia.Identity.Tests.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.SignIn;

/// <summary>Passkeys and verified numbers as personal data: what the person gets to see, and that nothing outlives them.</summary>
public sealed class CredentialRightsTests(PeopleServer server) : IClassFixture<PeopleServer>
{
    private const string Number = "+4915198765401";

    [Fact]
    public async Task Passkeys_and_verified_numbers_are_exported_and_nothing_of_them_remains()
    {
        await server.RuleAsync(new { ways = new[] { "password", "mailed-code", "sms-code", "passkey" } });
        using var authenticator = new Authenticator(server.Url, "127.0.0.1");
        var (visitor, email) = await server.NewPersonAsync();
        var id = await server.UserIdAsync(email);
        await VerifyAsync(visitor);
        await visitor.AddPasskeyAsync(authenticator);
        var (credential, index) = await StoredAsync(id);
        await ExportedAsync(visitor, credential);

        // A challenge and a sign-in that wait.
        await visitor.OpenAsync(SignInSteps.Security);
        await visitor.QuestionAsync(SignInSteps.Security + "/passkeys/options");
        (await server.SignInAgainAsync(email)).Location.ShouldBe(SignInSteps.Second);
        var rows = await RowsAsync(id);
        foreach (var table in new[] { "users", "passkeys", "verified_mobiles", "passkey_challenges", "pending_sign_ins", "known_devices" }) rows.Keys.ShouldContain("identity_" + table);
        FilesWith(credential).ShouldNotBeEmpty("the search finds what is there");
        FilesWith(index).ShouldNotBeEmpty();

        await visitor.OpenAsync("/account/customers/delete");
        await visitor.PostAsync("/account/customers/delete", ("password", "a-quite-long-phrase"), ("confirmed", "true"));
        var status = visitor.Location.ShouldNotBeNull();
        await Eventually.TrueAsync(async () => (await visitor.OpenAsync(status)).Html.Contains(">deleted<", StringComparison.Ordinal));
        (await RowsAsync(id)).ShouldBeEmpty();
        await Eventually.TrueAsync(() => Task.FromResult(FilesWith(credential).Count + FilesWith(index).Count == 0));

        var stranger = await server.Visitor().OpenAsync("/d/customers/sign-in");
        var (reference, options) = await stranger.QuestionAsync("/d/customers/sign-in/passkey/options");
        await stranger.PostAsync("/d/customers/sign-in/passkey", ("reference", reference), ("credential", authenticator.Use(options)));
        stranger.IsSignedIn().ShouldBeFalse();
        // The number is free for whoever has it next.
        var (next, _) = await server.NewPersonAsync();
        await VerifyAsync(next);
    }

    private static async Task ExportedAsync(Visitor visitor, byte[] credential)
    {
        await visitor.OpenAsync("/account/customers/data/export.json");
        visitor.Status.ShouldBe(HttpStatusCode.OK);
        var text = visitor.Html;
        text.ShouldContain(Number[1..]);
        text.ShouldContain("verified mobile");
        text.ShouldContain("My key");
        text.ShouldContain(Convert.ToHexStringLower(credential));
        foreach (var field in new[] { "transports", "sign-count", "backup-eligible", "backed-up", "last-used-at" }) text.ShouldContain($"\"{field}\"");
        using var json = JsonDocument.Parse(text);
        (await visitor.OpenAsync("/account/customers/data/export.html")).Html.ShouldContain("My key");
    }

    private async Task VerifyAsync(Visitor visitor)
    {
        await visitor.OpenAsync(SignInSteps.Security + "/mobile");
        await visitor.PostAsync(SignInSteps.Security + "/mobile", ("mobile", Number));
        visitor.Status.ShouldBe(HttpStatusCode.OK, visitor.Html);
        await visitor.PostAsync(SignInSteps.Security + "/mobile/code", ("id", visitor.Hidden("id")), ("code", await server.CodeForAsync(Number)));
        visitor.Location.ShouldBe(SignInSteps.Security + "?note=mobile-verified");
    }

    private async Task<(byte[] Credential, byte[] Index)> StoredAsync(Guid person)
    {
        byte[] credential = [], index = [];
        await server.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<IdentityContext>();
            credential = await database.Passkeys.Where(p => p.UserId == person).Select(p => p.CredentialId).SingleAsync();
            index = await database.VerifiedMobiles.Where(m => m.UserId == person).Select(m => m.MobileIndex).SingleAsync();
        });
        return (credential, index);
    }

    /// <summary>Every table of the module with rows that name a person, in whatever column.</summary>
    private async Task<Dictionary<string, long>> RowsAsync(Guid person)
    {
        Dictionary<string, long> found = new(StringComparer.Ordinal);
        await server.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<IdentityContext>();
            foreach (var entity in database.Model.GetEntityTypes())
            {
                foreach (var property in entity.GetProperties().Where(p => (Nullable.GetUnderlyingType(p.ClrType) ?? p.ClrType) == typeof(Guid)))
                {
                    var rows = await CountAsync(database, entity, property, person);
                    if (rows > 0) found[entity.GetTableName()!] = found.GetValueOrDefault(entity.GetTableName()!) + rows;
                }
            }
        });
        return found;
    }

    private static Task<long> CountAsync(IdentityContext database, IEntityType entity, IProperty property, Guid person) =>
#pragma warning disable EF1002 // The names are the model's own.
        database.Database.SqlQueryRaw<long>($"SELECT COUNT(*) AS \"Value\" FROM {entity.GetTableName()} WHERE {property.GetColumnName()} = {{0}}", person).SingleAsync();
#pragma warning restore EF1002

    /// <summary>Files of the database, the write-ahead log among them, that hold some bytes.</summary>
    private List<string> FilesWith(byte[] value) =>
    [
        .. System.IO.Directory.EnumerateFiles(Path.Combine(server.DataDirectory, "main")).Where(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.GetBuffer().AsSpan(0, (int)copy.Length).IndexOf(value) >= 0;
        }),
    ];
}
