using System.Security.Cryptography;
using Custodia.Identity.Directories;
using Custodia.Identity.Users;

namespace Custodia.Identity.SubAccounts;

/// <summary>Creates members of staff: a user of the staff directory with a <c>uin</c> and roles, in one transaction.</summary>
internal sealed class SubAccountRegistration(IdentityContext database, UserRegistration registration, TimeProvider time)
{
    public async Task<(RegistrationOutcome Outcome, SubAccount? Member)> CreateAsync(
        Directory staff, Profile profile, IReadOnlyCollection<string> roles, Func<User, CancellationToken, Task>? credentials, CancellationToken cancellation)
    {
        SubAccount? member = null;
        var outcome = await registration.CreateAsync(
            new NewUser(staff, profile, EmailVerified: false, ByThemselves: false) { Credentials = credentials },
            (user, _) =>
            {
                member = new SubAccount
                {
                    Uin = Uins.New(),
                    Account = staff.Account,
                    UserId = user.Id,
                    Roles = string.Join(' ', roles.Distinct(StringComparer.Ordinal)),
                    CreatedAt = time.GetUtcNow(),
                };
                database.SubAccounts.Add(member);
                return Task.CompletedTask;
            },
            cancellation);
        return (outcome, outcome is RegistrationOutcome.Created ? member : null);
    }
}

/// <summary>Numbers of accounts and sub-accounts: 12 digits, not guessable in order.</summary>
internal static class Uins
{
    public static long New() => (RandomNumberGenerator.GetInt32(100_000, 1_000_000) * 1_000_000L) + RandomNumberGenerator.GetInt32(1_000_000);
}
