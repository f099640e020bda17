using System.Text.Json;
using System.Text.Json.Nodes;

namespace Custodia.Kernel.Policy;

/// <summary>
/// The record of processing activities as JSON-LD 1.1 in terms of the W3C Data Privacy Vocabulary 2.2
/// (https://w3id.org/dpv) and its GDPR extension.
/// </summary>
internal static class LinkedPolicy
{
    public static byte[] Render(LoadedPolicy policy)
    {
        var root = new JsonObject
        {
            ["@context"] = Context(),
            ["@id"] = $"urn:custodia:policy:{policy.Sha256}",
            ["@type"] = "dpv:RecordsOfActivities",
            ["dct:hasVersion"] = policy.Version,
            ["dct:identifier"] = $"sha256:{policy.Sha256}",
            ["dpv:hasProcess"] = Array(policy.Services.SelectMany(s => s.Categories.Select(c => Process(s, c)))),
        };
        return JsonSerializer.SerializeToUtf8Bytes(root, PlainPolicy.Json);
    }

    private static JsonObject Context() => new()
    {
        ["dpv"] = "https://w3id.org/dpv#",
        ["pd"] = "https://w3id.org/dpv/pd#",
        ["eu-gdpr"] = "https://w3id.org/dpv/legal/eu/gdpr#",
        ["dct"] = "http://purl.org/dc/terms/",
        ["rdf"] = "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        ["rdfs"] = "http://www.w3.org/2000/01/rdf-schema#",
        ["xsd"] = "http://www.w3.org/2001/XMLSchema#",
        ["custodia"] = "urn:custodia:",
    };

    private static JsonNode Process(ServicePolicy service, PolicyCategory category)
    {
        var personal = category.Fields.Any(f => f.Personal);
        var process = new JsonObject
        {
            ["@id"] = $"custodia:category:{category.Id}",
            ["@type"] = personal ? "dpv:PersonalDataProcess" : "dpv:NonPersonalDataProcess",
            ["dct:title"] = Text(category.Title),
            ["dpv:hasPurpose"] = Array(category.Uses.Select(u => Node($"custodia:use:{category.Id}:{u.Id}", u.Term, u.Title))),
            ["dpv:hasLegalBasis"] = Array(LegalBasis(category.LegalBasis).Select(Reference)),
            ["dpv:hasDataSubject"] = Array(category.Subjects.Select(s => Reference(s switch { "user" => "dpv:User", "visitor" => "dpv:Visitor", _ => "dpv:Employee" }))),
            ["dpv:hasStorageCondition"] = Array(category.DeleteOn.Select(t => Deletion(category, t)).Append(Location(category))),
            ["dpv:hasTechnicalMeasure"] = Array(Measures(category).Select(Reference)),
        };
        process[category.Role == ProcessingRole.Processor ? "dpv:hasDataProcessor" : "dpv:hasDataController"] = new JsonObject
        {
            ["@type"] = category.Role == ProcessingRole.Processor ? "dpv:DataProcessor" : "dpv:DataController",
            ["rdfs:label"] = Text(service.Controller),
            ["dpv:hasDataProtectionOfficer"] = new JsonObject { ["@type"] = "dpv:DataProtectionOfficer", ["rdfs:label"] = Text(service.Contact) },
        };
        if (category.Recipients.Count > 0)
            process["dpv:hasRecipient"] = Array(category.Recipients.Select(r => (JsonNode)new JsonObject { ["@id"] = $"custodia:recipient:{r}", ["@type"] = "dpv:Recipient" }));
        process["dpv:hasData"] = Array(category.Fields.Where(f => !f.Personal).Select(f => Field(category, f)));
        process["dpv:hasPersonalData"] = Array(category.Fields.Where(f => f.Personal).Select(f => Field(category, f)));
        return process;
    }

    private static JsonNode Field(PolicyCategory category, PolicyField field)
    {
        var node = Node($"custodia:field:{category.Id}:{field.Name}", field.Term, field.Title);
        node["dpv:hasNecessity"] = Reference(field.Mandatory ? "dpv:Required" : "dpv:Optional");
        if (field.Protection == Protection.Sealed) node["dpv:hasTechnicalMeasure"] = Reference("dpv:EncryptionAtRest");
        return node;
    }

    private static JsonNode Deletion(PolicyCategory category, DeletionTrigger trigger)
    {
        var node = new JsonObject { ["@type"] = "dpv:StorageDeletion", ["custodia:trigger"] = trigger.Name, ["custodia:deadline"] = Duration(category.Deadline) };
        node["dpv:hasDuration"] = trigger is DeletionTrigger.Age age
            ? new JsonObject { ["@type"] = "dpv:TemporalDuration", ["rdf:value"] = Duration(age.Period) }
            : new JsonObject { ["@type"] = "dpv:UntilEventDuration", ["custodia:within"] = Duration(((DeletionTrigger.Event)trigger).Within) };
        return node;
    }

    private static JsonNode Location(PolicyCategory category) => new JsonObject { ["@type"] = "dpv:StorageLocation", ["rdfs:label"] = category.Storage };

    private static IEnumerable<string> Measures(PolicyCategory category)
    {
        yield return "dpv:AccessControlMethod";
        if (category.Fields.Any(f => f.Protection == Protection.Sealed)) yield return "dpv:EncryptionAtRest";
        if (category.Fields.Any(f => f.Lookup != Lookup.None)) yield return "dpv:HashMessageAuthenticationCode";
        if (category.Backup) yield return "dpv:DataBackupProtocols";
    }

    private static string[] LegalBasis(string basis) => basis switch
    {
        "contract" => ["dpv:ContractPerformance", "eu-gdpr:A6-1-b-contract-performance"],
        "legal-obligation" => ["dpv:LegalObligation", "eu-gdpr:A6-1-c"],
        "legitimate-interest" => ["dpv:LegitimateInterestOfController", "eu-gdpr:A6-1-f-controller"],
        "consent" => ["dpv:Consent", "eu-gdpr:A6-1-a"],
        _ => throw new InvalidOperationException($"The legal basis '{basis}' has no DPV term."),
    };

    private static JsonObject Node(string id, string type, LocalText label) => new() { ["@id"] = id, ["@type"] = type, ["rdfs:label"] = Text(label) };

    private static JsonNode Reference(string id) => new JsonObject { ["@id"] = id };

    private static JsonObject Duration(Period period) => new() { ["@type"] = "xsd:duration", ["@value"] = period.ToString() };

    private static JsonArray Text(LocalText text) =>
        [new JsonObject { ["@language"] = "en", ["@value"] = text.En }, new JsonObject { ["@language"] = "zh", ["@value"] = text.Zh }];

    private static JsonArray Array(IEnumerable<JsonNode> nodes) => [.. nodes];
}
