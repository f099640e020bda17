using Custodia.Identity.Directories;
using Custodia.Kernel.Storage.Statements;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Rules;

/// <summary>Reads and changes how people of a directory sign in.</summary>
internal sealed class SignInRuleStore(IdentityContext database, IStatements<IdentityContext> statements)
{
    private static readonly Query<ApplicationSignInRules> OfApplication = new(
        tables => $"SELECT {tables.Columns<ApplicationSignInRules>("r")} FROM {tables.Of<ApplicationSignInRules>()} r WHERE r.application_id = @p0",
        row => row.Entity<ApplicationSignInRules>());

    /// <summary>The rules of a directory; those of a new one where nothing was set. Not tracked.</summary>
    public async Task<SignInRules> OfAsync(Directory directory, CancellationToken cancellation) =>
        await database.SignInRules.AsNoTracking().FirstOrDefaultAsync(r => r.DirectoryId == directory.Id, cancellation)
        ?? new SignInRules { DirectoryId = directory.Id, Account = directory.Account };

    /// <summary>Applies a change that has been checked.</summary>
    public Task<SignInRules> ChangeAsync(Directory directory, Action<SignInRules> change, CancellationToken cancellation) => database.AloneAsync(
        $"sign-in-rules/{directory.Id:N}",
        async token =>
        {
            var rules = await database.SignInRules.FirstOrDefaultAsync(r => r.DirectoryId == directory.Id, token);
            if (rules is null)
            {
                rules = new SignInRules { DirectoryId = directory.Id, Account = directory.Account };
                database.SignInRules.Add(rules);
            }

            change(rules);
            await database.SaveChangesAsync(token);
            return rules;
        },
        cancellation);

    /// <summary>Whether an application lets people in with a second factor only.</summary>
    public async ValueTask<bool> DemandsSecondFactorAsync(Guid application, CancellationToken cancellation) =>
        await statements.FirstAsync(OfApplication, cancellation, application) is { DemandsSecondFactor: true };

    public Task DemandSecondFactorAsync(Guid application, long account, bool demanded, CancellationToken cancellation) => database.AloneAsync(
        $"sign-in-rules/{application:N}",
        async token =>
        {
            var rules = await database.ApplicationSignInRules.FirstOrDefaultAsync(r => r.ApplicationId == application, token);
            if (rules is null)
            {
                rules = new ApplicationSignInRules { ApplicationId = application, Account = account };
                database.ApplicationSignInRules.Add(rules);
            }

            rules.DemandsSecondFactor = demanded;
            return await database.SaveChangesAsync(token);
        },
        cancellation);
}
