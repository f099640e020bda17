using System.Security.Cryptography;
using Custodia.Identity.Accounts;
using Custodia.Identity.Applications;
using Custodia.Identity.Directories;
using Custodia.Identity.Passwords;
using Custodia.Identity.SubAccounts;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.FirstStart;

/// <summary>Creates an account with everything its owner needs to begin.</summary>
internal sealed class Founding(IdentityContext database, Founders founders, ApplicationRegistry applications, PermissionCatalogue permissions, TimeProvider time)
{
    private const string StaffDirectory = "staff";
    private const string OwnerName = "admin";

    public async Task<Account> CreateAsync(string name, string region, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var account = new Account { Uin = Uins.New(), AppId = Uins.New(), Name = name, Region = region, CreatedAt = now };
        var staff = new Directory
        {
            Id = Guid.CreateVersion7(now),
            Account = account.Uin,
            Name = StaffDirectory,
            Kind = DirectoryKind.Staff,
            Title = "Staff",
            TitleZh = "员工",
            SignUp = SignUpMode.Closed,
            CreatedAt = now,
        };
        database.Accounts.Add(account);
        database.Directories.Add(staff);
        await database.SaveChangesAsync(cancellation);
        var (member, password) = await founders.OwnerAsync(staff, OwnerName, cancellation);
        var settings = ApplicationSettings.Defaults(ApplicationKind.M2m) with { Name = "First administrator", Permissions = [.. permissions.All.Order(StringComparer.Ordinal)] };
        var (application, secret) = await applications.CreateAsync(staff.Id, account.Uin, ApplicationKind.M2m, settings, member.Uin, cancellation);
        await founders.WriteFileAsync(staff, application.ClientId, secret!, OwnerName, password, cancellation);
        return account;
    }
}

/// <summary>The first owner, and the file that tells them how to begin.</summary>
internal sealed class Founders(SubAccountRegistration members, UserPasswords passwords, DataLayout layout, IOptions<CustodiaOptions> options)
{
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";

    public async Task<(SubAccount Member, string Password)> OwnerAsync(Directory staff, string name, CancellationToken cancellation)
    {
        // 24 characters of 54: 138 bits.
        var password = RandomNumberGenerator.GetString(Alphabet, 24);
        var (_, member) = await members.CreateAsync(
            staff,
            new Profile { UserName = name, DisplayName = "Administrator" },
            [Role.Owner],
            (user, token) => passwords.SetAsync(user, PlainPassword.From(password)!, token),
            cancellation);
        return (member!, password);
    }

    public Task WriteFileAsync(Directory staff, string clientId, string secret, string userName, string password, CancellationToken cancellation) =>
        new InitialAdminFile($"{options.Value.PublicUrl}/d/{staff.Name}", clientId, secret, userName, password).WriteAsync(layout, cancellation);
}
