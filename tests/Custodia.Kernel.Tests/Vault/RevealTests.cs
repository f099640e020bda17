using System.Net;
using System.Security.Cryptography;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Streams;
using Custodia.Kernel.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Tests.Vault;

public sealed class RevealTests : IAsyncLifetime
{
    private const string Log = "kernel.reveal-log";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly VaultHost _host = new();
    private readonly Guid _person = Guid.CreateVersion7();

    private LogStreams Logs => _host.Services.GetRequiredService<LogStreams>();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Staff_on_the_whitelist_see_the_value_and_the_record_says_who_why_whose_and_which()
    {
        var (request, value) = await AskAsync(Role.PrivacyOfficer);
        (await _host.Vault.RevealAsync(request, value, None)).ShouldBe(new RevealOutcome<string>.Revealed("alice@example.com"));
        var fields = (await RecordsAsync()).ShouldHaveSingleItem();
        fields["who"].ShouldBe("Bob");
        fields["whose"]!.ToString().ShouldBe(_person.ToString());
        fields["category"].ShouldBe(VaultHost.Profile);
        fields["field"].ShouldBe("email");
        fields["purpose"].ShouldBe("identification");
        fields["reason"].ShouldBe("case 17");
        fields["object"].ShouldBe("user/17");
        fields["result"].ShouldBe("revealed");
        fields["client-ip"]!.ToString().ShouldBe("203.0.113.9");
        fields["request-id"].ShouldBe("request-1");
    }

    [Theory]
    [InlineData(Role.SupportAgent)]
    [InlineData("subject")]
    [InlineData("service")]
    [InlineData(null)]
    public async Task Who_is_not_on_the_whitelist_is_refused_on_the_record(string? role)
    {
        // The words for the person and the program are no roles of staff; nobody gets them as a role.
        var (request, value) = await AskAsync(role is "subject" or "service" ? null : role);
        if (role is "subject") request = request with { Caller = request.Caller with { Kind = CallerKind.User, Roles = ["subject"] } };
        if (role is "service") request = request with { Caller = request.Caller with { Kind = CallerKind.System, Roles = ["service"] } };
        var refusal = (await _host.Vault.RevealAsync(request, value, None)).ShouldBeOfType<RevealOutcome<string>.NotOnWhitelist>();
        refusal.Whitelist.ShouldContain(Role.PrivacyOfficer);
        (await RecordsAsync()).ShouldHaveSingleItem()["result"].ShouldBe("not-on-whitelist");
    }

    [Fact]
    public async Task Staff_of_another_account_are_refused()
    {
        var (request, value) = await AskAsync(Role.PrivacyOfficer);
        request = request with { Caller = request.Caller with { Account = VaultHost.Account + 1 } };
        (await _host.Vault.RevealAsync(request, value, None)).ShouldBeOfType<RevealOutcome<string>.NotOnWhitelist>();
    }

    [Theory]
    [InlineData("marketing", "case 17", "purpose")]
    [InlineData("identification", "ab", "reason")]
    [InlineData("identification", "  a  ", "reason")]
    [InlineData("identification", null, "reason")]
    public async Task A_purpose_or_reason_that_does_not_hold_is_refused_on_the_record(string purpose, string? reason, string field)
    {
        var (request, value) = await AskAsync(Role.PrivacyOfficer);
        request = request with { Purpose = purpose, Reason = reason ?? new string('x', 501) };
        (await _host.Vault.RevealAsync(request, value, None)).ShouldBeOfType<RevealOutcome<string>.Invalid>().Field.ShouldBe(field);
        var record = (await RecordsAsync()).ShouldHaveSingleItem();
        record["result"].ShouldBe("invalid");
        ((string)record["purpose"]!).ShouldNotContain("marketing");
        ((string)record["reason"]!).Length.ShouldBeLessThanOrEqualTo(500);
    }

    [Fact]
    public async Task A_value_whose_key_was_destroyed_is_gone_and_the_attempt_is_on_record()
    {
        var (request, value) = await AskAsync(Role.PrivacyOfficer);
        await _host.Vault.DestroyAsync(request.Place.Key, "account-deleted", None);
        (await _host.Vault.RevealAsync(request, value, None)).ShouldBeOfType<RevealOutcome<string>.Shredded>();
        var record = (await RecordsAsync()).ShouldHaveSingleItem();
        record["result"].ShouldBe("shredded");
        record["who"].ShouldBe("Bob");
    }

    [Fact]
    public async Task Nothing_is_opened_when_the_record_cannot_be_written()
    {
        var (request, value) = await AskAsync(Role.PrivacyOfficer);

        // Files where the folders of the logs should be.
        foreach (var folder in new[] { _host.Layout.Streams, _host.Layout.MainStreams })
        {
            Directory.Delete(folder, recursive: true);
            await File.WriteAllTextAsync(folder, "");
        }

        await Should.ThrowAsync<IOException>(() => _host.Vault.RevealAsync(request, value, None));

        // Not even looked at: a value that could not be opened fails in the same way, before anybody tries.
        await Should.ThrowAsync<IOException>(() => _host.Vault.RevealAsync(request, new Sealed<string>([1, 2, 3]), None));
    }

    [Fact]
    public async Task The_record_is_there_before_a_value_that_does_not_open()
    {
        var (request, value) = await AskAsync(Role.PrivacyOfficer);
        var moved = request with { Place = request.Place with { Row = "another" } };
        await Should.ThrowAsync<AuthenticationTagMismatchException>(() => _host.Vault.RevealAsync(moved, value, None));
        (await RecordsAsync()).ShouldHaveSingleItem()["result"].ShouldBe("revealed");
    }

    private async Task<(RevealRequest Request, Sealed<string> Value)> AskAsync(string? role)
    {
        var place = VaultHost.At(KeyId.Subject(VaultHost.Account, _person));
        var value = await _host.Vault.SealAsync(place, "alice@example.com", None);
        var caller = new Caller(CallerKind.SubAccount, VaultHost.Account, 1, Guid.CreateVersion7(), 5, "Bob", "staff", RequestSource.Console, "session")
        {
            Roles = role is null ? [] : [role],
        };
        var facts = new RequestFacts("request-1", IPAddress.Parse("203.0.113.9"), "local");
        return (new RevealRequest(place, _person, caller, facts, "identification", "case 17", "user/17"), value);
    }

    private async Task<IReadOnlyList<Dictionary<string, object?>>> RecordsAsync()
    {
        var page = await Logs.QueryAsync(new StreamQuery(Log, VaultHost.Account), None);
        return [.. page.Entries.Select(entry => entry.Fields.ToDictionary(StringComparer.Ordinal))];
    }
}
