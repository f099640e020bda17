using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Custodia.Identity.Tests.People;

namespace Custodia.Identity.Tests.Sources;

/// <summary>A server that may reach providers on loopback.</summary>
public sealed class SourceServer : PeopleServer
{
    /// <summary>Adds a source to the customer directory.</summary>
    public async Task<HttpResponseMessage> AddSourceAsync(object source) =>
        await (await AdminAsync()).PostAsJsonAsync("/api/v1/directories/customers/sources", source);

    /// <summary>The stub as an OpenID Connect source of the customer directory.</summary>
    public async Task AddStubAsync(StubProvider stub, string name, bool trustsEmail = false, bool signUp = true)
    {
        stub.Time = Time;
        var answer = await AddSourceAsync(new
        {
            name,
            kind = "openIdConnect",
            title = "Stub",
            issuer = stub.Url,
            clientId = StubProvider.ClientId,
            clientSecret = StubProvider.Secret,
            trustsEmail,
            signUp,
        });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Begins at a source and comes back with a code, as the browser would.</summary>
    public async Task<Visitor> ThroughAsync(StubProvider stub, string name, Visitor? visitor = null, string? back = null)
    {
        visitor ??= Visitor();
        await visitor.OpenAsync($"/d/customers/sources/{name}{(back is null ? "" : "?return=" + Uri.EscapeDataString(back))}");
        return await ComeBackAsync(stub, name, visitor);
    }

    /// <summary>The provider sends the browser back with a code.</summary>
    public static async Task<Visitor> ComeBackAsync(StubProvider stub, string name, Visitor visitor)
    {
        visitor.Status.ShouldBe(HttpStatusCode.SeeOther);
        var asked = HttpUtility.ParseQueryString(new Uri(visitor.Location!).Query);
        stub.Nonce = asked["nonce"] ?? "";
        return await visitor.OpenAsync($"/d/customers/sources/{name}/callback?code=c&state={asked["state"]}");
    }

    /// <summary>A directory of this very server as a provider, with one person in it.</summary>
    public async Task AddPartnersAsync()
    {
        var admin = await AdminAsync();
        (await admin.PostAsJsonAsync("/api/v1/directories", new { name = "partners", title = "Partners" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var application = await (await admin.PostAsJsonAsync("/api/v1/applications", new
        {
            directory = "partners",
            kind = "web",
            name = "Customers",
            redirectUris = new[] { $"{Url}/d/customers/sources/partners/callback" },
        })).Content.ReadFromJsonAsync<JsonElement>();
        var added = await AddSourceAsync(new
        {
            name = "partners",
            kind = "openIdConnect",
            title = "Partners",
            issuer = $"{Url}/d/partners",
            clientId = application.GetProperty("application").GetProperty("clientId").GetString(),
            clientSecret = application.GetProperty("clientSecret").GetString(),
            trustsEmail = true,
        });
        added.StatusCode.ShouldBe(HttpStatusCode.Created, await added.Content.ReadAsStringAsync());
    }

    protected override void Prepare()
    {
        base.Prepare();
        Settings["Custodia:Http:AllowedPrivateNetworks:0"] = "127.0.0.0/8";
    }
}
