using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Groups;
using Custodia.Identity.Statistics;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Policy;

namespace Custodia.Identity.Administration;

/// <param name="Scope">Name of the directory that is shown; null for the whole account.</param>
internal sealed record DashboardModel(IReadOnlyList<Directory> Directories, string? Scope, StatisticsAnswer Figures);

/// <param name="Form">The filters, with what is wrong with them.</param>
internal sealed record UsersModel(
    IReadOnlyList<Directory> Directories, Directory Shown, IReadOnlyList<Choice> Groups, FormState Form, IReadOnlyList<UserAnswer> Users, string? Older, bool MayCreate);

internal sealed record NewUserModel(IReadOnlyList<Directory> Directories, FormState Form);

/// <param name="Uses">Purposes that the policy declares for user profiles.</param>
/// <param name="Revealed">A value that was revealed by this very request.</param>
internal sealed record UserModel(
    UserAnswer User, IReadOnlyList<GroupName> Groups, IReadOnlyList<PolicyUse> Uses, DeletionRequest? Deletion, UserRights May, FormState Form, RevealedAnswer? Revealed);

/// <summary>What the member of staff who looks at a user may do.</summary>
internal sealed record UserRights(bool Write, bool Delete);

internal sealed record SubAccountsModel(IReadOnlyList<SubAccountAnswer> Members, string? Older, bool MayWrite);

internal sealed record SubAccountModel(SubAccountAnswer? Member, FormState Form, bool MayWrite);

internal sealed record DirectoriesModel(IReadOnlyList<DirectoryAnswer> Directories, bool MayWrite);

internal sealed record DirectoryModel(DirectoryAnswer? Directory, FormState Form, bool MayWrite);
