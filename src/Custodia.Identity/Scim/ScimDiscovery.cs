using System.Text.Json.Nodes;
using Custodia.Identity.Administration;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Scim;

/// <summary>What this server can and what its resources look like (RFC 7643, sections 5 to 7; RFC 7644, section 4).</summary>
internal static class ScimDiscovery
{
    private const string Config = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
    private const string ResourceType = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
    private const string Schema = "urn:ietf:params:scim:schemas:core:2.0:Schema";

    public static void MapScimDiscovery(this RouteGroupBuilder scim)
    {
        scim.MapGet("/ServiceProviderConfig", (string directory, IOptions<CustodiaOptions> options) => new ScimAnswer(Provider(Base(options, directory)))).RequirePermission(Permissions.Scim);
        scim.MapGet("/ResourceTypes", (HttpContext http, string directory, IOptions<CustodiaOptions> options) => List(http, [.. Types(Base(options, directory))])).RequirePermission(Permissions.Scim);
        scim.MapGet("/ResourceTypes/{id}", (string directory, string id, IOptions<CustodiaOptions> options) => One(Types(Base(options, directory)), id)).RequirePermission(Permissions.Scim);
        scim.MapGet("/Schemas", (HttpContext http, string directory, IOptions<CustodiaOptions> options) => List(http, [.. Schemas(Base(options, directory))])).RequirePermission(Permissions.Scim);
        scim.MapGet("/Schemas/{id}", (string directory, string id, IOptions<CustodiaOptions> options) => One(Schemas(Base(options, directory)), id)).RequirePermission(Permissions.Scim);
    }

    private static string Base(IOptions<CustodiaOptions> options, string directory) => $"{options.Value.PublicUrl}/scim/v2/{Uri.EscapeDataString(directory)}";

    // RFC 7644, section 4: a filter is refused, so that nobody takes a part for the whole.
    private static ScimAnswer List(HttpContext http, IReadOnlyList<JsonObject> all) => http.Request.Query.ContainsKey("filter")
        ? throw new ScimFault(StatusCodes.Status403Forbidden, null, "Schemas and resource types are not filtered.")
        : ScimAnswer.List(all, all.Count, 1);

    private static ScimAnswer One(IEnumerable<JsonObject> all, string id) =>
        all.FirstOrDefault(o => o["id"]!.GetValue<string>() == id) is { } found ? new ScimAnswer(found) : throw ScimFault.NotFound();

    private static JsonObject Provider(string home) => new()
    {
        ["schemas"] = new JsonArray(Config),
        ["patch"] = Supported(true),
        ["bulk"] = new JsonObject { ["supported"] = false, ["maxOperations"] = 0, ["maxPayloadSize"] = 0 },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = ScimRequest.MaxResults },
        ["changePassword"] = Supported(true),
        ["sort"] = Supported(false),
        ["etag"] = Supported(true),
        ["authenticationSchemes"] = new JsonArray(new JsonObject
        {
            ["type"] = "oauthbearertoken",
            ["name"] = "OAuth Bearer Token",
            ["description"] = "A token by the client credentials grant, of an application with the permission identity.scim",
            ["specUri"] = "https://www.rfc-editor.org/rfc/rfc6750",
            ["primary"] = true,
        }),
        ["meta"] = new JsonObject { ["resourceType"] = "ServiceProviderConfig", ["location"] = $"{home}/ServiceProviderConfig" },
    };

    private static JsonObject Supported(bool value) => new() { ["supported"] = value };

    private static IEnumerable<JsonObject> Types(string home)
    {
        foreach (var (name, endpoint, schema) in new[] { ("User", "/Users", ScimSchemas.User), ("Group", "/Groups", ScimSchemas.Group) })
        {
            yield return new JsonObject
            {
                ["schemas"] = new JsonArray(ResourceType),
                ["id"] = name,
                ["name"] = name,
                ["endpoint"] = endpoint,
                ["schema"] = schema,
                ["meta"] = new JsonObject { ["resourceType"] = "ResourceType", ["location"] = $"{home}/ResourceTypes/{name}" },
            };
        }
    }

    private static IEnumerable<JsonObject> Schemas(string home)
    {
        yield return Described(home, ScimSchemas.User, "User",
        [
            Text("userName", required: true, unique: true), Text("externalId"), Text("displayName"), Text("locale"), Text("preferredLanguage"),
            Text("password", mutability: "writeOnly", returned: "never"),
            Attribute("active", "boolean"),
            Complex("name", false, "readWrite", Text("formatted"), Text("givenName"), Text("familyName")),
            Complex("emails", true, "readWrite", Text("value"), Text("type"), Attribute("primary", "boolean")),
            Complex("phoneNumbers", true, "readWrite", Text("value"), Text("type"), Attribute("primary", "boolean")),
            Complex("groups", true, "readOnly", Text("value"), Text("display"), Text("type")),
        ]);
        yield return Described(home, ScimSchemas.Group, "Group",
            [Text("displayName", required: true, unique: true), Text("externalId"), Complex("members", true, "readWrite", Text("value", mutability: "immutable"), Text("type", mutability: "immutable"))]);
    }

    private static JsonObject Described(string home, string id, string name, JsonNode[] attributes) => new()
    {
        ["schemas"] = new JsonArray(Schema),
        ["id"] = id,
        ["name"] = name,
        ["attributes"] = new JsonArray(attributes),
        ["meta"] = new JsonObject { ["resourceType"] = "Schema", ["location"] = $"{home}/Schemas/{id}" },
    };

    private static JsonObject Text(string name, bool required = false, bool unique = false, string mutability = "readWrite", string returned = "default")
    {
        var text = Attribute(name, "string", required, mutability, returned);
        text["caseExact"] = name is "externalId" or "password";
        text["uniqueness"] = unique ? "server" : "none";
        return text;
    }

    private static JsonObject Attribute(string name, string type, bool required = false, string mutability = "readWrite", string returned = "default") => new()
    {
        ["name"] = name,
        ["type"] = type,
        ["multiValued"] = false,
        ["required"] = required,
        ["mutability"] = mutability,
        ["returned"] = returned,
    };

    private static JsonObject Complex(string name, bool many, string mutability, params JsonNode[] parts)
    {
        var complex = Attribute(name, "complex", mutability: mutability);
        complex["multiValued"] = many;
        complex["subAttributes"] = new JsonArray(parts);
        return complex;
    }
}
