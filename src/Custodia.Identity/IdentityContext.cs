using Custodia.Identity.Accounts;
using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignUp;
using Custodia.Identity.Statistics;
using Custodia.Identity.SubAccounts;
using Custodia.Identity.Users;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity;

/// <summary>Identity's own tables. Each entity configures itself beside its class.</summary>
internal sealed class IdentityContext(DbContextOptions<IdentityContext> options) : ModuleContext("identity", options)
{
    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<SubAccount> SubAccounts => Set<SubAccount>();

    public DbSet<Directory> Directories => Set<Directory>();

    public DbSet<User> Users => Set<User>();

    public DbSet<PendingSignUp> PendingSignUps => Set<PendingSignUp>();

    public DbSet<OneTimeCode> OneTimeCodes => Set<OneTimeCode>();

    public DbSet<Session> Sessions => Set<Session>();

    protected override void Configure(ModelBuilder model)
    {
        Account.Configure(model);
        SubAccount.Configure(model);
        Directory.Configure(model);
        User.Configure(model);
        PendingSignUp.Configure(model);
        OneTimeCode.Configure(model);
        Session.Configure(model);
        DirectoryFigures.Configure(model);
        DailyFigures.Configure(model);
        MonthlyFigures.Configure(model);
        CountryFigures.Configure(model);
    }
}
