using System.Net;
using Custodia.Identity.Applications;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>Refresh tokens: rotation and reuse (RFC 6749 section 6, RFC 9700 section 4.14.2).</summary>
[Collection(ProtocolCollection.Name)]
public sealed class RefreshTests(ProtocolServer server)
{
    [Fact]
    public async Task A_refresh_gives_new_tokens_for_the_same_person_and_a_new_refresh_token()
    {
        var shop = await server.RegisterAsync();
        var first = await shop.TokensAsync(await server.SignedInAsync());
        var second = await shop.RefreshAsync(first.RefreshToken);
        second.Status.ShouldBe(HttpStatusCode.OK);
        second.RefreshToken.ShouldNotBe(first.RefreshToken);
        second.Access.Subject.ShouldBe(first.Access.Subject);
        // Core section 12.2
        second.Id.GetPayloadValue<long>("auth_time").ShouldBe(first.Id.GetPayloadValue<long>("auth_time"));
        second.Id.TryGetPayloadValue<string>("nonce", out _).ShouldBeFalse();
        (await shop.RefreshAsync(second.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_used_refresh_token_that_comes_again_ends_the_whole_family()
    {
        var shop = await server.RegisterAsync();
        var first = await shop.TokensAsync(await server.SignedInAsync());
        var second = await shop.RefreshAsync(first.RefreshToken);
        (await shop.RefreshAsync(first.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await shop.RefreshAsync(second.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await shop.UserinfoAsync(second.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    /// <summary>A thief may be ahead by any number of rotations.</summary>
    [Fact]
    public async Task A_token_from_many_rotations_ago_ends_the_family_too()
    {
        var shop = await server.RegisterAsync();
        var stolen = (await shop.TokensAsync(await server.SignedInAsync())).RefreshToken;
        var latest = stolen;
        for (var i = 0; i < 5; i++) latest = (await shop.RefreshAsync(latest)).RefreshToken;
        (await shop.RefreshAsync(stolen)).Error.ShouldBe("invalid_grant");
        (await shop.RefreshAsync(latest)).Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Of_twenty_parallel_refreshes_one_succeeds()
    {
        var shop = await server.RegisterAsync();
        var token = (await shop.TokensAsync(await server.SignedInAsync())).RefreshToken;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.RefreshAsync(token)));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(a => a.Status != HttpStatusCode.OK).ShouldAllBe(a => a.Error == "invalid_grant");
    }

    [Fact]
    public async Task Within_the_overlap_a_lost_answer_can_be_asked_for_again_and_after_it_not()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { RefreshOverlapSeconds = 30 });
        var first = await shop.TokensAsync(await server.SignedInAsync());
        (await shop.RefreshAsync(first.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
        var again = await shop.RefreshAsync(first.RefreshToken);
        again.Status.ShouldBe(HttpStatusCode.OK);
        server.Time.Advance(TimeSpan.FromSeconds(31));
        (await shop.RefreshAsync(first.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await shop.RefreshAsync(again.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task A_narrower_scope_may_be_asked_for_and_the_next_refresh_has_the_whole_again()
    {
        var shop = await server.RegisterAsync();
        var first = await shop.TokensAsync(await server.SignedInAsync());
        var narrow = await shop.RefreshAsync(first.RefreshToken, ("scope", "openid"));
        narrow.Member("scope").ShouldBe("openid");
        (await shop.RefreshAsync(narrow.RefreshToken)).Member("scope").ShouldBe("openid profile email offline_access");
    }

    [Fact]
    public async Task A_wider_scope_is_refused_and_does_not_cost_the_token()
    {
        var shop = await server.RegisterAsync();
        var first = await shop.TokensAsync(await server.SignedInAsync(), ("scope", "openid offline_access"));
        (await shop.RefreshAsync(first.RefreshToken, ("scope", "openid email"))).Error.ShouldBe("invalid_scope");
        (await shop.RefreshAsync(first.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_refresh_token_is_worth_nothing_to_another_application()
    {
        var shop = await server.RegisterAsync();
        var thief = await server.RegisterAsync();
        var first = await shop.TokensAsync(await server.SignedInAsync());
        (await thief.RefreshAsync(first.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await shop.RefreshAsync(first.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(null, "invalid_request")]
    [InlineData("nonsense", "invalid_grant")]
    [InlineData("0123456789012345678901234567890123456789abc", "invalid_grant")]
    public async Task A_refresh_token_that_is_none_is_refused(string? token, string error)
    {
        var shop = await server.RegisterAsync();
        (await shop.PostAsync("token", [("grant_type", "refresh_token"), ("refresh_token", token)])).Error.ShouldBe(error);
    }

    [Fact]
    public async Task An_idle_refresh_token_runs_out_and_so_does_a_grant_that_is_kept_busy()
    {
        var shop = await server.RegisterAsync(settings: new ApplicationSettings { RefreshIdleDays = 2, RefreshDays = 3 });
        var browser = await server.SignedInAsync();
        var idle = await shop.TokensAsync(browser);
        var busy = await shop.TokensAsync(browser);
        server.Time.Advance(TimeSpan.FromDays(1.9));
        busy = await shop.RefreshAsync(busy.RefreshToken);
        busy.Status.ShouldBe(HttpStatusCode.OK);
        server.Time.Advance(TimeSpan.FromDays(0.2));
        (await shop.RefreshAsync(idle.RefreshToken)).Error.ShouldBe("invalid_grant");
        (busy = await shop.RefreshAsync(busy.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
        server.Time.Advance(TimeSpan.FromDays(1));
        (await shop.RefreshAsync(busy.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    /// <summary>OpenID Connect Core section 11: offline access goes on when the person is not there.</summary>
    [Fact]
    public async Task Offline_access_outlives_the_session_and_other_access_ends_with_it()
    {
        var shop = await server.RegisterAsync();
        var browser = await server.SignedInAsync();
        var offline = await shop.TokensAsync(browser);
        var online = await shop.TokensAsync(browser, ("scope", "openid"));
        (await shop.UserinfoAsync(online.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        await browser.GetAsync($"{shop.Issuer}/logout?id_token_hint={online.IdToken}");
        (await shop.UserinfoAsync(online.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await shop.RefreshAsync(offline.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }
}
