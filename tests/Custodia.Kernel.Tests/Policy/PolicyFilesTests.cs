using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Tests.Policy;

/// <summary>The policy files carry the facts that were promised, to the letter.</summary>
public sealed class PolicyFilesTests
{
    private readonly LoadedPolicy _policy = PolicyTexts.ReadReal().Policy!;

    [Fact]
    public void The_policy_files_have_no_findings() => PolicyTexts.ReadReal().Findings.ShouldBeEmpty();

    [Theory]
    [InlineData("identity.admin-action-log", "log-stream", false, "age P180D")]
    [InlineData("identity.api-invocation-log", "audit-stream", false, "service-terminated P0D")]
    [InlineData("identity.statistics", "main-store", true, "service-terminated P0D")]
    [InlineData("identity.user-operation-log", "main-store", true, "account-deleted P0D, service-terminated P0D")]
    [InlineData("identity.user-profile", "main-store", true, "account-deleted P0D, dormant P0D")]
    [InlineData("integration.metadata", "relational-store", true, "deletion-requested P30D")]
    [InlineData("integration.running-log", "log-store", false, "age P7D")]
    [InlineData("integration.audit-log", "log-store", true, "age P1Y, service-terminated P30D")]
    [InlineData("tickets.user-name", "main-store", true, "account-deleted P0D")]
    [InlineData("tickets.access-log", "audit-stream", false, "logs-cleared P0D")]
    [InlineData("tickets.contact-email", "main-store", true, "account-deleted P0D, age-since-verified P3M, ticket-closed P0D, user-request P0D")]
    [InlineData("tickets.contact-mobile", "main-store", true, "account-deleted P0D, ticket-closed P0D, user-request P0D")]
    [InlineData("tickets.registered-contact", "main-store", true, "account-deleted P0D")]
    [InlineData("tickets.authorisation", "main-store", true, "grant-expired P0D, grant-revoked P0D, ticket-closed P0D")]
    [InlineData("tickets.confidential", "main-store", true, "ticket-closed P0D")]
    public void A_category_is_kept_where_and_as_long_as_promised(string id, string storage, bool backup, string limits)
    {
        var category = _policy.Category(id);
        category.Storage.ShouldBe(storage);
        category.Backup.ShouldBe(backup);
        string.Join(", ", category.DeleteOn.Select(Limit).Order(StringComparer.Ordinal)).ShouldBe(limits);
    }

    [Theory]
    [InlineData("identity.admin-action-log", "region, api-version, timestamp, app-id, uin, sub-account-uin, client-ip, request-source, access-context, log-area, request-id")]
    [InlineData("identity.api-invocation-log", "timestamp, request-ip, operation")]
    [InlineData("identity.user-operation-log", "operation-time, result, client-ip")]
    [InlineData("integration.running-log", "run-time, log-level, job-id, flow-name, application-name, connector-name, operation-name, log-category, runtime-name")]
    [InlineData("integration.audit-log", "audit-time, user-name, user-id, result, project-name, audit-module, audit-category, audit-content")]
    [InlineData("tickets.access-log", "ip")]
    public void A_log_has_exactly_the_promised_fields(string id, string fields) =>
        string.Join(", ", _policy.Category(id).Fields.Select(f => f.Name)).ShouldBe(fields);

    [Theory]
    [InlineData("identity.user-profile", "user-name, email, mobile, display-name, birth-date, gender, locale, custom-attributes, credentials")]
    [InlineData("integration.metadata", "group-id, project-id, instance-id, runtime-id, version, tag, update-time, created-time, status, component-id, remark")]
    [InlineData("tickets.user-name", "user-name")]
    [InlineData("tickets.content", "problem-description, messages, screenshots")]
    [InlineData("tickets.contact-email", "email")]
    [InlineData("tickets.contact-mobile", "mobile")]
    [InlineData("tickets.registered-contact", "email, mobile")]
    [InlineData("tickets.authorisation", "system-account, password, host")]
    [InlineData("tickets.confidential", "text")]
    public void A_category_has_all_the_promised_fields(string id, string fields) =>
        fields.Split(", ").Except(_policy.Category(id).Fields.Select(f => f.Name)).ShouldBeEmpty();

    [Theory]
    [InlineData("tickets.user-name", "user-name", true, true, Protection.Plain)]
    [InlineData("tickets.access-log", "ip", false, true, Protection.Plain)]
    [InlineData("tickets.content", "problem-description", false, true, Protection.Plain)]
    [InlineData("tickets.content", "messages", false, true, Protection.Plain)]
    [InlineData("tickets.content", "screenshots", false, true, Protection.Plain)]
    [InlineData("tickets.contact-email", "email", true, false, Protection.Sealed)]
    [InlineData("tickets.contact-mobile", "mobile", true, false, Protection.Sealed)]
    [InlineData("tickets.registered-contact", "email", true, false, Protection.Sealed)]
    [InlineData("tickets.registered-contact", "mobile", true, false, Protection.Sealed)]
    [InlineData("tickets.authorisation", "password", false, false, Protection.Sealed)]
    [InlineData("tickets.confidential", "text", false, false, Protection.Sealed)]
    public void A_ticket_field_is_modifiable_mandatory_and_protected_as_promised(string id, string name, bool modifiable, bool mandatory, Protection protection)
    {
        var field = _policy.Category(id).Field(name);
        field.Modifiable.ShouldBe(modifiable);
        field.Mandatory.ShouldBe(mandatory);
        field.Protection.ShouldBe(protection);
    }

    [Fact]
    public void Ticket_content_is_never_deleted_by_age() =>
        _policy.Category("tickets.content").DeleteOn.ShouldAllBe(t => t.Name == "account-limit");

    [Fact]
    public void Only_metadata_is_processed_on_the_accounts_behalf() =>
        _policy.Categories.Where(c => c.Role == ProcessingRole.Processor).Select(c => c.Id).ShouldContain("integration.metadata");

    [Fact]
    public void The_audit_log_passes_the_message_broker_before_it_is_kept() =>
        _policy.Category("integration.audit-log").Transit.ShouldBe(["message-broker"]);

    [Fact]
    public void What_identifies_a_user_is_sealed() =>
        new[] { "user-name", "email", "mobile", "display-name", "birth-date", "gender", "locale", "custom-attributes", "credentials" }
            .ShouldAllBe(name => _policy.Category("identity.user-profile").Field(name).Protection == Protection.Sealed);

    [Fact]
    public void The_hash_is_that_of_the_joined_files()
    {
        var joined = Directory.GetFiles(PolicyTexts.RealFolder, "*.yaml").Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes).ToArray();
        _policy.Sha256.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(joined)));
    }

    private static string Limit(DeletionTrigger trigger) => trigger switch
    {
        DeletionTrigger.Age age => $"{age.Name} {age.Period}",
        DeletionTrigger.Event e => $"{e.Name} {e.Within}",
        _ => trigger.Name,
    };
}
