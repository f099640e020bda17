namespace Custodia.Kernel.Delivery;

/// <summary>Carries messages of one channel out of the house.</summary>
internal interface IMessageProvider
{
    Channel Channel { get; }

    Task<CarriedOutcome> CarryAsync(OpenMessage message, CancellationToken cancellation);
}

/// <summary>A message whose seals are open, for as long as it is handed over.</summary>
internal sealed record OpenMessage(Guid Id, string Recipient, string Subject, string Text, string? Html)
{
    // The compiler's text would hold everything.
    public override string ToString() => Id.ToString();
}

internal abstract record CarriedOutcome
{
    public sealed record Sent : CarriedOutcome;

    /// <summary>May go better later.</summary>
    /// <param name="Reason">A code; never text of the provider, which may quote the recipient.</param>
    public sealed record TryLater(string Reason) : CarriedOutcome;

    /// <summary>Will never go.</summary>
    public sealed record Refused(string Reason) : CarriedOutcome;
}
