using Custodia.Kernel.Retention;
using Custodia.Tickets.Authorisations;
using Custodia.Tickets.Contacts;
using Custodia.Tickets.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Retention;

/// <summary>Deletes secrets of a kind, rows and keys, when a condition holds; also finishes what a crash left half done.</summary>
internal abstract class SecretRule<T>(TicketsContext context, Forgetting forgetting) : IRetentionRule
    where T : class, ITicketSecret
{
    public string Category => T.PolicyCategory;

    public abstract string Trigger { get; }

    protected TicketsContext Context { get; } = context;

    public async Task<RetentionPreview> PreviewAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var due = await Due(moment).LongCountAsync(cancellation);
        var since = T.HeldSince;
        var oldest = await Context.Set<T>()
            .OrderBy(s => EF.Property<DateTimeOffset>(s, since))
            .Select(s => (DateTimeOffset?)EF.Property<DateTimeOffset>(s, since))
            .FirstOrDefaultAsync(cancellation);
        return new RetentionPreview(due, oldest);
    }

    public async Task<int> EnforceAsync(RetentionMoment moment, CancellationToken cancellation)
    {
        var total = 0;
        while (true)
        {
            var removed = await Context.InTransactionAsync(
                token => forgetting.RemoveAsync(Due(moment).OrderBy(s => EF.Property<Guid>(s, "Id")).Take(Forgetting.Batch), Trigger, token),
                cancellation);
            total += removed;
            if (removed < Forgetting.Batch) break;
        }

        await forgetting.DestroyKeysAsync(Category, Trigger, cancellation);
        return total;
    }

    /// <summary>What is past the trigger.</summary>
    protected abstract IQueryable<T> Due(RetentionMoment moment);
}

/// <summary>Closing deletes at once; this is the net below it.</summary>
internal sealed class TicketClosedRule<T>(TicketsContext context, Forgetting forgetting) : SecretRule<T>(context, forgetting)
    where T : class, ITicketSecret
{
    public override string Trigger => Forgetting.TicketClosed;

    protected override IQueryable<T> Due(RetentionMoment moment) => Context.Set<T>().Where(s =>
        !Context.Tickets.Any(t => t.Id == EF.Property<Guid>(s, "TicketId") && !Transitions.Closed.Contains(t.State)));
}

/// <summary>The person's button and a revocation delete at once; what is left to do is a key whose destruction was interrupted.</summary>
internal abstract class AtOnceRule<T>(TicketsContext context, Forgetting forgetting) : SecretRule<T>(context, forgetting)
    where T : class, ITicketSecret
{
    protected override IQueryable<T> Due(RetentionMoment moment) => Context.Set<T>().Where(_ => false);
}

internal sealed class UserRequestRule<T>(TicketsContext context, Forgetting forgetting) : AtOnceRule<T>(context, forgetting)
    where T : class, ITicketSecret
{
    public override string Trigger => Forgetting.UserRequest;
}

internal sealed class GrantRevokedRule(TicketsContext context, Forgetting forgetting) : AtOnceRule<Authorisation>(context, forgetting)
{
    public override string Trigger => "grant-revoked";
}

internal sealed class GrantExpiredRule(TicketsContext context, Forgetting forgetting) : SecretRule<Authorisation>(context, forgetting)
{
    public override string Trigger => "grant-expired";

    protected override IQueryable<Authorisation> Due(RetentionMoment moment) => Context.Authorisations.Where(a => a.ValidUntil <= moment.Now);
}

internal sealed class ContactAgeRule(TicketsContext context, Forgetting forgetting) : SecretRule<ContactEmail>(context, forgetting)
{
    public override string Trigger => "age-since-verified";

    protected override IQueryable<ContactEmail> Due(RetentionMoment moment)
    {
        var before = moment.Limit;
        return Context.ContactEmails.Where(c => c.VerifiedAt < before);
    }
}

internal sealed class CodeAgeRule(TicketsContext context, Forgetting forgetting) : SecretRule<ContactCode>(context, forgetting)
{
    public override string Trigger => "age";

    protected override IQueryable<ContactCode> Due(RetentionMoment moment)
    {
        var before = moment.Limit;
        return Context.ContactCodes.Where(c => c.CreatedAt < before);
    }
}
