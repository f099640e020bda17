using System.Net;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Keys;
using Custodia.Identity.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>Signing keys over the months, with the clock moved.</summary>
public sealed class KeyRotationTests
{
    [Fact]
    public async Task A_key_is_published_before_it_signs_signs_for_its_time_and_stays_published_until_nothing_needs_it()
    {
        await using var server = await ProtocolServer.StartNewAsync();
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read"], AccessTokenSeconds = 86_400 }, ProtocolServer.Staff);
        var first = (await service.ClientCredentialsAsync()).Access.Kid;
        (await KidsAsync(server)).ShouldBe([first]);

        // A week before the change the successor can be read, and does not sign yet.
        server.Time.Advance(KeyLife.Active - KeyLife.Prepublished + TimeSpan.FromHours(2));
        await RotateAsync(server);
        var kids = await KidsAsync(server);
        kids.Length.ShouldBe(2);
        (await service.ClientCredentialsAsync()).Access.Kid.ShouldBe(first);

        // Just before and just after the change.
        server.Time.Advance(KeyLife.Prepublished - TimeSpan.FromHours(3));
        var last = await service.ClientCredentialsAsync();
        last.Access.Kid.ShouldBe(first);
        server.Time.Advance(TimeSpan.FromHours(2));
        var next = (await service.ClientCredentialsAsync()).Access.Kid;
        next.ShouldBe(kids.Single(k => k != first));
        (await server.Client(last.AccessToken).GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // Retired, then removed with its private part.
        server.Time.Advance(KeyLife.Retired);
        (await KidsAsync(server)).ShouldBe([next]);
        await server.InScopeAsync(async services =>
        {
            // The hourly round may have been faster.
            await services.GetRequiredService<KeyStock>().RemoveExpiredAsync(server.Time.GetUtcNow(), default);
            var context = services.GetRequiredService<IdentityContext>();
            (await context.SigningKeys.AnyAsync(k => k.Id == Guid.Parse(first))).ShouldBeFalse();
        });
    }

    [Fact]
    public async Task A_server_that_slept_through_a_change_makes_a_key_when_it_needs_one()
    {
        await using var server = await ProtocolServer.StartNewAsync();
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read"] }, ProtocolServer.Staff);
        var first = (await service.ClientCredentialsAsync()).Access.Kid;
        server.Time.Advance(TimeSpan.FromDays(400));
        var answer = await service.ClientCredentialsAsync();
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Access.Kid.ShouldNotBe(first);
        (await server.Client(answer.AccessToken).GetAsync("/api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Twenty_first_requests_at_once_make_one_key()
    {
        await using var server = await ProtocolServer.StartNewAsync();
        var service = await server.RegisterAsync(ApplicationKind.M2m, new ApplicationSettings { Permissions = ["identity.applications.read"] }, ProtocolServer.Staff);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.ClientCredentialsAsync()));
        answers.Select(a => a.Access.Kid).Distinct().Count().ShouldBe(1);
        (await KidsAsync(server)).Length.ShouldBe(1);
    }

    private static async Task<string[]> KidsAsync(ProtocolServer server)
    {
        var text = await server.Client().GetStringAsync($"{server.Url}/d/{ProtocolServer.Staff}/jwks");
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString()!)];
    }

    private static Task RotateAsync(ProtocolServer server) => server.InScopeAsync(services => KeyRotation.RotateAsync(services, default));
}
