using Custodia.Identity.Directories;

namespace Custodia.Identity.Administration;

/// <summary>A directory as the API shows it.</summary>
internal sealed record DirectoryAnswer(
    string Name,
    DirectoryKind Kind,
    string Issuer,
    string Title,
    string TitleZh,
    SignUpMode SignUp,
    IReadOnlyList<string> MandatoryFields,
    int GraceDays,
    int? DormantDays,
    int? UserLimit,
    DateTimeOffset CreatedAt)
{
    public static DirectoryAnswer Of(Directory directory, string publicUrl) => new(
        directory.Name,
        directory.Kind,
        $"{publicUrl}/d/{directory.Name}",
        directory.Title,
        directory.TitleZh,
        directory.SignUp,
        directory.MandatoryFields.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        directory.GraceDays,
        directory.DormantDays,
        directory.UserLimit,
        directory.CreatedAt);
}

/// <summary>What can be set on a directory. Null leaves a value as it is (update) or takes the default (create).</summary>
/// <param name="Title">1 to 100 characters.</param>
/// <param name="SignUp"><c>open</c>, <c>invite</c> or <c>closed</c>; a staff directory is never open.</param>
/// <param name="MandatoryFields">Policy names out of <c>email user-name display-name mobile birth-date gender</c>.</param>
/// <param name="GraceDays">0 to 14; of a staff directory always 0, as members of staff are deleted by others.</param>
/// <param name="DormantDays">30 to 3,650 days without a sign-in; 0 keeps users.</param>
/// <param name="UserLimit">Monthly active users; 0 is no limit.</param>
internal record DirectoryRequest(
    string? Title = null,
    string? TitleZh = null,
    SignUpMode? SignUp = null,
    IReadOnlyList<string>? MandatoryFields = null,
    int? GraceDays = null,
    int? DormantDays = null,
    int? UserLimit = null);

/// <param name="Name"><c>[a-z0-9-]{2,40}</c>, unique on the server, never changed.</param>
internal sealed record NewDirectoryRequest(string Name) : DirectoryRequest;
