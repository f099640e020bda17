using Custodia.Identity.Accounts;
using Custodia.Identity.Applications;
using Custodia.Identity.Directories;
using Custodia.Identity.Passwords;
using Custodia.Identity.Users;
using Custodia.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Tests.Protocol;

/// <summary>A server with an account of its own: a staff directory, a customer directory, one person in the latter.</summary>
public sealed class ProtocolServer : CustodiaServer, IAsyncLifetime
{
    public const string Customers = "guests";
    public const string Staff = "crew";
    public const string UserName = "ada";
    public const string Email = "ada@example.com";
    public const string DisplayName = "Ada Lovelace";
    public const string Password = "correct horse battery";

    internal const long Account = 300_000_000_001;

    public Guid Person { get; private set; }

    public string Issuer => $"{Url}/d/{Customers}";

    public static async Task<ProtocolServer> StartNewAsync()
    {
        var server = new ProtocolServer();
        await server.InitializeAsync();
        return server;
    }

    public new async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await InScopeAsync(async services =>
        {
            var context = services.GetRequiredService<IdentityContext>();
            if (await context.Directories.AnyAsync(d => d.Name == Customers)) return;
            var now = Time.GetUtcNow();
            context.Accounts.Add(new Account { Uin = Account, AppId = 1_300_000_001, Name = "Protocol", Region = "local", CreatedAt = now });
            context.Directories.Add(NewDirectory(Customers, DirectoryKind.Customer));
            context.Directories.Add(NewDirectory(Staff, DirectoryKind.Staff));
            await context.SaveChangesAsync();
        });
        Person = await AddPersonAsync(UserName, Email, DisplayName);
    }

    /// <summary>Adds a person to the customer directory, with the common password.</summary>
    public async Task<Guid> AddPersonAsync(string userName, string email, string displayName)
    {
        User? user = null;
        await InScopeAsync(async services =>
        {
            var directory = await services.GetRequiredService<IdentityContext>().Directories.SingleAsync(d => d.Name == Customers);
            var passwords = services.GetRequiredService<UserPasswords>();
            var profile = new Profile { UserName = userName, Email = email, DisplayName = displayName, Locale = "en-GB" };
            var wanted = new NewUser(directory, profile, EmailVerified: true, ByThemselves: false)
            {
                Credentials = (added, token) => passwords.SetAsync(added, PlainPassword.From(Password)!, token),
            };
            var outcome = await services.GetRequiredService<UserRegistration>().CreateAsync(wanted, also: null, default);
            user = outcome.ShouldBeOfType<RegistrationOutcome.Created>().User;
        });
        return user!.Id;
    }

    /// <summary>Registers an application and returns it as a relying party of its own.</summary>
    internal async Task<RelyingParty> RegisterAsync(ApplicationKind kind = ApplicationKind.Web, ApplicationSettings? settings = null, string directory = Customers)
    {
        RelyingParty? party = null;
        await InScopeAsync(async services =>
        {
            var context = services.GetRequiredService<IdentityContext>();
            var home = await context.Directories.SingleAsync(d => d.Name == directory);
            var defaults = ApplicationSettings.Defaults(kind) with
            {
                Name = "Shop",
                RedirectUris = kind == ApplicationKind.M2m ? [] : ["https://shop.example/callback"],
                PostLogoutUris = kind == ApplicationKind.M2m ? [] : ["https://shop.example/bye"],
            };
            var complete = (settings ?? new ApplicationSettings()).Over(defaults);
            var (application, secret) = await services.GetRequiredService<ApplicationRegistry>().CreateAsync(home.Id, Account, kind, complete, 0, default);
            party = new RelyingParty(this, $"{Url}/d/{directory}", application, secret, complete.RedirectUris!.Count > 0 ? complete.RedirectUris[0] : "");
        });
        return party!;
    }

    /// <summary>A browser in which the person has just signed in.</summary>
    public async Task<TestBrowser> SignedInAsync(string userName = UserName)
    {
        var browser = new TestBrowser(this);
        await browser.SignInAsync($"/d/{Customers}/sign-in", userName);
        return browser;
    }

    public async Task InScopeAsync(Func<IServiceProvider, Task> work)
    {
        await using var scope = Services.CreateAsyncScope();
        await work(scope.ServiceProvider);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    protected override void Prepare()
    {
        Settings["Custodia:Identity:AttemptsPerName"] = "100000";
        Settings["Custodia:Identity:AttemptsPerAddress"] = "100000";
        Settings["Custodia:SampleContent"] = "false";
        Settings["Custodia:Http:AllowedPrivateNetworks:0"] = "127.0.0.0/8";
        Adjust += builder => builder.Services.AddOpenAccounts(Account);
    }

    private Directory NewDirectory(string name, DirectoryKind kind) => new()
    {
        Id = Guid.CreateVersion7(Time.GetUtcNow()),
        Account = Account,
        Name = name,
        Kind = kind,
        Title = name,
        TitleZh = name,
        CreatedAt = Time.GetUtcNow(),
    };
}

[CollectionDefinition(Name)]
public sealed class ProtocolCollection : ICollectionFixture<ProtocolServer>
{
    public const string Name = "protocol";
}
