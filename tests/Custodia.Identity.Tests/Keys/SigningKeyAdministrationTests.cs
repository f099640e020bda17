using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Tests.Protocol;
using Custodia.Testing;

namespace Custodia.Identity.Tests.Keys;

/// <summary>Signing keys as administration, by API and console.</summary>
public sealed class SigningKeyAdministrationTests : IAsyncLifetime
{
    private readonly ProtocolServer _server = new();
    private RelyingParty _admin = null!;
    private HttpClient _api = null!;

    private static readonly string Keys = $"/api/v1/directories/{ProtocolServer.Customers}/keys";

    public async Task InitializeAsync()
    {
        await ((IAsyncLifetime)_server).InitializeAsync();
        _admin = await _server.RegisterAsync(
            ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.directories.read", "identity.directories.write"], AccessTokenSeconds = 86_400 }, ProtocolServer.Staff);
        _api = _server.Client((await _admin.ClientCredentialsAsync()).AccessToken);
    }

    public Task DisposeAsync() => ((IAsyncLifetime)_server).DisposeAsync();

    [Fact]
    public async Task The_list_says_the_state_of_each_key_and_nothing_private()
    {
        var shop = await _server.RegisterAsync();
        var kid = (await shop.TokensAsync(await _server.SignedInAsync())).Access.Kid;
        var text = await _api.GetStringAsync(Keys);
        var key = JsonDocument.Parse(text).RootElement.GetProperty("items").EnumerateArray().Single();
        key.GetProperty("kid").GetString().ShouldBe(kid);
        key.GetProperty("algorithm").GetString().ShouldBe("ES256");
        key.GetProperty("state").GetString().ShouldBe("active");
        key.EnumerateObject().Select(p => p.Name).ShouldBe(["id", "algorithm", "state", "publishedAt", "activeFrom", "activeUntil", "publishedUntil", "kid"], ignoreOrder: true);
    }

    [Fact]
    public async Task Rotating_lets_another_key_sign_at_once_and_what_the_old_one_signed_stays_good()
    {
        var shop = await _server.RegisterAsync();
        var before = await shop.TokensAsync(await _server.SignedInAsync());
        _server.Time.Advance(TimeSpan.FromMinutes(2));
        (await RotateAsync()).ShouldBe(HttpStatusCode.OK);
        var after = await shop.RefreshAsync(before.RefreshToken);
        after.Access.Kid.ShouldNotBe(before.Access.Kid);
        (await shop.UserinfoAsync(before.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.UserinfoAsync(after.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await StatesAsync()).ShouldBe(["active", "retired"]);
    }

    [Fact]
    public async Task Of_twenty_rotations_at_once_one_counts()
    {
        var shop = await _server.RegisterAsync();
        await shop.TokensAsync(await _server.SignedInAsync());
        _server.Time.Advance(TimeSpan.FromMinutes(2));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RotateAsync()));
        answers.Count(a => a == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(a => a != HttpStatusCode.OK).ShouldAllBe(a => a == HttpStatusCode.Conflict);
        (await StatesAsync()).ShouldBe(["active", "retired"]);
    }

    [Fact]
    public async Task A_revoked_key_takes_along_what_it_signed_and_another_signs_with_the_next_token()
    {
        var shop = await _server.RegisterAsync();
        var before = await shop.TokensAsync(await _server.SignedInAsync());
        (await _api.DeleteAsync($"{Keys}/{Guid.Parse(before.Access.Kid)}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await shop.UserinfoAsync(before.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var keySet = await _server.Client().GetStringAsync($"{shop.Issuer}/jwks");
        keySet.ShouldNotContain(before.Access.Kid);
        var after = await shop.RefreshAsync(before.RefreshToken);
        after.Access.Kid.ShouldNotBe(before.Access.Kid);
        (await shop.UserinfoAsync(after.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await _api.DeleteAsync($"{Keys}/{Guid.Parse(before.Access.Kid)}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_rotation_uses_the_successor_that_is_published_already()
    {
        var shop = await _server.RegisterAsync();
        await shop.TokensAsync(await _server.SignedInAsync());
        _server.Time.Advance(TimeSpan.FromDays(84));
        await _server.InScopeAsync(services => Custodia.Identity.Keys.KeyRotation.RotateAsync(services, default));
        using var admin = _server.Client((await _admin.ClientCredentialsAsync()).AccessToken);
        (await StatesAsync(admin)).ShouldBe(["prepublished", "active"]);
        (await admin.PostAsJsonAsync($"{Keys}/rotate", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatesAsync(admin)).ShouldBe(["active", "retired"]);
    }

    [Theory]
    [InlineData("""{"algorithm":"none"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"algorithm":"HS256"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"algorithm":5}""", HttpStatusCode.BadRequest)]
    public async Task Algorithms_that_tokens_are_not_signed_with_are_refused(string body, HttpStatusCode status)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        ((int)(await _api.PostAsync($"{Keys}/rotate", content)).StatusCode).ShouldBeOneOf((int)status, 422);
    }

    [Fact]
    public async Task Directories_and_keys_of_others_are_not_there()
    {
        (await _api.GetAsync("/api/v1/directories/nowhere/keys")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var staffKey = (await _admin.ClientCredentialsAsync()).Access.Kid;
        (await _api.DeleteAsync($"{Keys}/{Guid.Parse(staffKey)}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _server.Client().GetAsync(Keys)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var reader = await _server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.directories.read"] }, ProtocolServer.Staff);
        using var mayRead = _server.Client((await reader.ClientCredentialsAsync()).AccessToken);
        (await mayRead.PostAsJsonAsync($"{Keys}/rotate", new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<HttpStatusCode> RotateAsync() => (await _api.PostAsJsonAsync($"{Keys}/rotate", new { })).StatusCode;

    private Task<List<string>> StatesAsync() => StatesAsync(_api);

    private static async Task<List<string>> StatesAsync(HttpClient api) =>
        [.. JsonDocument.Parse(await api.GetStringAsync(Keys)).RootElement.GetProperty("items").EnumerateArray().Select(k => k.GetProperty("state").GetString()!)];
}
