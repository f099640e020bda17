using System.Text.Json;
using Custodia.Identity.Codes;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.SubAccounts;

/// <summary>
/// Mails the account's privacy officers, where there are none its owners, when deletion requests come close to their deadline or
/// pass it: in their language, to those who have a mail address.
/// </summary>
internal sealed class DeadlineNotice(IdentityContext database, UserProfiles profiles, IdentityMails mails, IOptions<CustodiaOptions> options) : IEventSubscriber
{
    private const int MostReceivers = 100;

    public string Name => "identity.deadline-notice";

    public bool Wants(string eventType) => eventType == "kernel.deletion.deadline";

    public async Task HandleAsync(EventEnvelope message, CancellationToken cancellation)
    {
        if (message.Data.Deserialize<DeletionDeadline>(JsonSerializerOptions.Web) is not { } deadline) return;
        var receivers = await HaveAsync(message.Account, Role.PrivacyOfficer, cancellation);
        if (receivers.Count == 0) receivers = await HaveAsync(message.Account, Role.Owner, cancellation);
        await database.InTransactionAsync(
            async token =>
            {
                foreach (var receiver in receivers) await SendAsync(receiver, deadline, token);
                await database.SaveChangesAsync(token);
            },
            cancellation);
    }

    private Task<List<User>> HaveAsync(long account, string role, CancellationToken cancellation) =>
        database.SubAccounts
            .Where(s => s.Account == account && (" " + s.Roles + " ").Contains(" " + role + " "))
            .OrderBy(s => s.Uin)
            .Take(MostReceivers)
            .Join(database.Users, s => s.UserId, u => u.Id, (_, user) => user)
            .Where(u => u.Status == UserStatus.Normal && u.Email != null)
            .AsNoTracking()
            .ToListAsync(cancellation);

    private async Task SendAsync(User receiver, DeletionDeadline deadline, CancellationToken cancellation)
    {
        try
        {
            var address = await profiles.OpenAsync(receiver, UserField.Email, ProfileUse.AccountNotices, cancellation);
            var directory = await database.Directories.AsNoTracking().SingleAsync(d => d.Id == receiver.DirectoryId, cancellation);
            await mails.DeadlineAsync(directory, receiver, address!, deadline, $"{options.Value.PublicUrl}/console/privacy", cancellation);
        }
        catch (KeyDestroyedException)
        {
            // Erased in this moment.
        }
    }
}
