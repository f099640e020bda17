using Custodia.Identity.Accounts;
using Custodia.Identity.Applications;
using Custodia.Identity.Directories;
using Custodia.Identity.Passwords;
using Custodia.Identity.SubAccounts;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.FirstStart;

/// <summary>
/// Development only: the customer directory <c>customers</c> with a few people, a member of staff for every role, and the
/// application of the demo. Created in one transaction, once.
/// </summary>
internal sealed class SampleContent(IdentityContext database, SamplePeople people, ApplicationRegistry applications, TimeProvider time, IOptions<CustodiaOptions> options)
{
    public const string CustomerDirectory = "customers";

    /// <param name="created">Takes the people, when it is this start that creates them.</param>
    public async Task CreateAsync(Account account, Dictionary<string, SamplePerson> created, CancellationToken cancellation)
    {
        if (await database.Directories.AnyAsync(d => d.Name == CustomerDirectory, cancellation)) return;
        await database.InTransactionAsync(
            async token =>
            {
                var now = time.GetUtcNow();
                var customers = new Directory
                {
                    Id = Guid.CreateVersion7(now),
                    Account = account.Uin,
                    Name = CustomerDirectory,
                    Kind = DirectoryKind.Customer,
                    Title = "Demo customers",
                    TitleZh = "演示客户",
                    SignUp = SignUpMode.Open,
                    MandatoryFields = "email",
                    UserLimit = 1000,
                    CreatedAt = now,
                };
                database.Directories.Add(customers);
                await database.SaveChangesAsync(token);
                await people.CreateAsync(customers, await database.Directories.SingleAsync(d => d.Account == account.Uin && d.Kind == DirectoryKind.Staff, token), created, token);
                await CreateDemoAsync(customers, token);
            },
            cancellation);
    }

    private Task CreateDemoAsync(Directory customers, CancellationToken cancellation)
    {
        var url = options.Value.PublicUrl;
        var settings = ApplicationSettings.Defaults(ApplicationKind.Web) with
        {
            Name = "Demo",
            RedirectUris = [$"{url}/demo/callback"],
            PostLogoutUris = [$"{url}/demo"],
        };
        return applications.CreateAsync(customers.Id, customers.Account, ApplicationKind.Web, settings, createdBy: 0, cancellation);
    }
}

/// <summary>Sample people. Their names and their one password are known to everybody who reads the documentation.</summary>
internal sealed class SamplePeople(PasswordHashes hashes, UserPasswords passwords, SubAccountRegistration members, UserRegistration users)
{
    /// <summary>Of every sample person.</summary>
    public const string Password = "just-for-the-demo";

    private static readonly (string Role, string Name)[] Staff =
    [
        (Role.Administrator, "Alex Weber"), (Role.Developer, "Dana Novak"), (Role.SupportAgent, "Sam Rivera"),
        (Role.SupportLead, "Lena Okafor"), (Role.Auditor, "Noor Haddad"), (Role.PrivacyOfficer, "Petra Lind"),
    ];

    private static readonly (string UserName, string Name, string Locale)[] Customers =
        [("ada", "Ada Marlow", "en"), ("wei", "王伟", "zh"), ("sofia", "Sofia Brandt", "en"), ("mei", "李梅", "zh"), ("jonas", "Jonas Keller", "en")];

    public async Task CreateAsync(Directory customers, Directory staff, Dictionary<string, SamplePerson> created, CancellationToken cancellation)
    {
        // One hash for all: hashing is slow by intent, and this password is no secret.
        var hash = await hashes.HashAsync(PlainPassword.From(Password)!, cancellation);
        Task Credentials(User user, CancellationToken token) => passwords.SetHashAsync(user, hash, token);
        foreach (var (role, name) in Staff)
        {
            var profile = new Profile { UserName = role, DisplayName = name, Email = $"{role}@staff.example", Locale = "en" };
            var (_, member) = await members.CreateAsync(staff, profile, [role], Credentials, cancellation);
            created[role] = new SamplePerson(member!.UserId, staff.Name);
        }

        foreach (var (userName, name, locale) in Customers)
        {
            var profile = new Profile { UserName = userName, DisplayName = name, Email = $"{userName}@customers.example", Locale = locale };
            var outcome = await users.CreateAsync(new NewUser(customers, profile, EmailVerified: true, ByThemselves: false) { Credentials = Credentials }, null, cancellation);
            created[userName] = new SamplePerson(((RegistrationOutcome.Created)outcome).User.Id, customers.Name);
        }
    }
}
