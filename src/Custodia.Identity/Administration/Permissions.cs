using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;

namespace Custodia.Identity.Administration;

/// <summary>What may be done with Identity's data about people. Seeing a sealed value is a matter of the policy's whitelist, not of a permission.</summary>
internal static class Permissions
{
    public const string AccountRead = "identity.account.read";
    public const string AccountWrite = "identity.account.write";
    public const string DirectoriesRead = "identity.directories.read";
    public const string DirectoriesWrite = "identity.directories.write";
    public const string UsersRead = "identity.users.read";
    public const string UsersWrite = "identity.users.write";
    public const string UsersDelete = "identity.users.delete";
    public const string Scim = "identity.scim";
    public const string SubAccountsRead = "identity.sub-accounts.read";
    public const string SubAccountsWrite = "identity.sub-accounts.write";
    public const string StatisticsRead = "identity.statistics.read";

    public static void Register(ModuleBuilder module) => module.AddPermissions(
        new Permission(AccountRead, Role.Owner, Role.Administrator, Role.Auditor),
        new Permission(AccountWrite, Role.Owner),
        new Permission(DirectoriesRead, Role.Owner, Role.Administrator, Role.Developer, Role.Auditor, Role.PrivacyOfficer),
        new Permission(DirectoriesWrite, Role.Owner, Role.Administrator),
        new Permission(UsersRead, Role.Owner, Role.Administrator, Role.SupportAgent, Role.SupportLead, Role.Auditor, Role.PrivacyOfficer),
        new Permission(UsersWrite, Role.Owner, Role.Administrator),
        new Permission(UsersDelete, Role.Owner, Role.Administrator, Role.PrivacyOfficer),
        new Permission(Scim, Role.Owner, Role.Administrator),
        new Permission(SubAccountsRead, Role.Owner, Role.Administrator, Role.Auditor),
        new Permission(SubAccountsWrite, Role.Owner, Role.Administrator),
        new Permission(StatisticsRead, Role.All));
}
