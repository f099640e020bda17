using Custodia.Kernel.Access;
using Custodia.Kernel.Http;

namespace Custodia.Kernel.Vault;

/// <summary>What staff say when they ask to see a sealed value.</summary>
/// <param name="Place">Which value; its key's owner is whose.</param>
/// <param name="Subject">The person it is about, for the record and for the person to see.</param>
/// <param name="Facts">Where the request came from, for the record.</param>
/// <param name="Purpose">A use that the category declares.</param>
/// <param name="Reason">Free words, 3 to 500 characters, e.g. a ticket number.</param>
/// <param name="Object">What it belongs to, e.g. <c>ticket/0193…</c>.</param>
public sealed record RevealRequest(Place Place, Guid Subject, Caller Caller, RequestFacts Facts, string Purpose, string Reason, string Object)
{
    /// <summary>The one person of the staff to whom the value was entrusted; null: everybody on the whitelist.</summary>
    public Guid? OnlyFor { get; init; }
}

public abstract record RevealOutcome<T>
    where T : class
{
    public sealed record Revealed(T Value) : RevealOutcome<T>;

    /// <summary>None of the caller's roles is on the category's whitelist, or the caller is not of the account's staff.</summary>
    public sealed record NotOnWhitelist(string Category, IReadOnlyList<string> Whitelist) : RevealOutcome<T>;

    /// <summary>The caller is on the whitelist, but the value was entrusted to somebody else (<see cref="RevealRequest.OnlyFor"/>).</summary>
    public sealed record NotNamed : RevealOutcome<T>;

    /// <summary>The purpose is not one that the category declares, or the reason is missing or too long.</summary>
    public sealed record Invalid(string Field, string Rule) : RevealOutcome<T>;

    /// <summary>The key was destroyed: the value is gone.</summary>
    public sealed record Shredded : RevealOutcome<T>;
}
