namespace Custodia.Tickets.Screening;

/// <summary>What a ticket must not carry in free text.</summary>
internal enum SecretKind
{
    Mobile,
    ResidentId,
    PaymentCard,
    Password,
    PrivateKey,
    Token,
}

internal enum Certainty
{
    /// <summary>Looks like one: the writer is asked.</summary>
    Likely,

    /// <summary>Structure, checksum or context leave no reasonable doubt: refused.</summary>
    Sure,
}

/// <summary>Something that was found, by its place and kind; the text itself is never carried along.</summary>
/// <param name="Start">Position in the text as it was written, in UTF-16 units.</param>
/// <param name="Length">Length in the text as it was written.</param>
internal readonly record struct Finding(SecretKind Kind, Certainty Certainty, int Start, int Length)
{
    public int End => Start + Length;

    /// <summary>Stable name in answers and logs, e.g. <c>resident-id</c>.</summary>
    public string Name => NameOf(Kind);

    public static string NameOf(SecretKind kind) => kind switch
    {
        SecretKind.Mobile => "mobile",
        SecretKind.ResidentId => "resident-id",
        SecretKind.PaymentCard => "payment-card",
        SecretKind.Password => "password",
        SecretKind.PrivateKey => "private-key",
        _ => "token",
    };
}
