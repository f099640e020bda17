using System.Globalization;
using System.Runtime.CompilerServices;
using Custodia.Identity.Contracts;
using Custodia.Identity.SignUp;
using Custodia.Identity.Statistics;
using Custodia.Identity.SubAccounts;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.PersonData;

/// <summary>The user with profile and role, and a sign-up that was never finished.</summary>
internal sealed class UserData(IdentityContext database, UserProfiles profiles, PendingSignUps pendings, Increments increments, Outbox outbox) : IPersonData
{
    public async IAsyncEnumerable<ExportedItem> ExportAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (await FindAsync(subject, cancellation) is not { } user) yield break;
        var profile = await profiles.OpenAsync(user, ProfileUse.SubjectRights, cancellation);
        List<KeyValuePair<string, string?>> values = [new("id", user.Id.ToString())];
        values.AddRange(UserField.All.Select(f => new KeyValuePair<string, string?>(f.Name, f.Of(profile))));
        values.Add(new("email-verified", user.EmailVerified ? "true" : "false"));
        // The hash itself would only help somebody who guesses the password.
        values.Add(new("credentials", user.Credentials is null ? null : "password (stored as a salted hash)"));
        values.Add(new("status", user.Status.ToString()));
        values.Add(new("status-reason", await profiles.OpenReasonAsync(user, cancellation)));
        values.Add(new("country", user.Country));
        values.Add(new("updated-at", Iso(user.UpdatedAt)));
        values.Add(new("recently-registered", Iso(user.CreatedAt)));
        values.Add(new("recently-signed-in", user.LastSignInAt is { } at ? Iso(at) : null));
        yield return new ExportedItem(User.Category, user.Id.ToString("N"), values);
        if (await database.SubAccounts.AsNoTracking().FirstOrDefaultAsync(s => s.UserId == user.Id, cancellation) is { } member)
            yield return Of(member);
    }

    public async Task<IReadOnlyList<ErasedCategory>> EraseAsync(Subject subject, CancellationToken cancellation)
    {
        var user = await FindAsync(subject, cancellation);
        var waiting = await pendings.EraseAsync(subject.Account, subject.Person, user, cancellation);
        var members = await database.SubAccounts.Where(s => s.UserId == subject.Person && s.Account == subject.Account).ExecuteDeleteAsync(cancellation);
        var users = user is null ? 0 : await DeleteAsync(user, cancellation);
        return
        [
            new ErasedCategory(User.Category, users, users, 0, null),
            new ErasedCategory("identity.sub-account", members, members, 0, null),
            new ErasedCategory(PendingSignUp.Category, waiting, waiting, 0, null),
        ];
    }

    private async Task<int> DeleteAsync(User user, CancellationToken cancellation)
    {
        var directory = await database.Directories.Where(d => d.Id == user.DirectoryId).Select(d => d.Name).SingleAsync(cancellation);
        await database.NamePrefixes.Where(p => p.UserId == user.Id).ExecuteDeleteAsync(cancellation);
        var deleted = await database.Users.Where(u => u.Id == user.Id).ExecuteDeleteAsync(cancellation);
        if (deleted == 0) return 0;
        await increments.LeftAsync(user, cancellation);
        // Sealed under the account's day and not under the person's key, which is about to be destroyed; it names nobody.
        await outbox.PublishAsync(database, user.Account, person: null, new UserDeleted(user.Id, directory), cancellation);
        await database.SaveChangesAsync(cancellation);
        return deleted;
    }

    private Task<User?> FindAsync(Subject subject, CancellationToken cancellation) =>
        database.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == subject.Person && u.Account == subject.Account, cancellation);

    private static ExportedItem Of(SubAccount member) => new(
        "identity.sub-account",
        member.Uin.ToString(CultureInfo.InvariantCulture),
        [new("uin", member.Uin.ToString(CultureInfo.InvariantCulture)), new("roles", member.Roles), new("created-at", Iso(member.CreatedAt))]);

    private static string Iso(DateTimeOffset moment) => moment.ToString("O", CultureInfo.InvariantCulture);
}
