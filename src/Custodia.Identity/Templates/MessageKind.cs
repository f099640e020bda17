using Custodia.Kernel.Delivery;

namespace Custodia.Identity.Templates;

/// <summary>A message that Identity sends to people.</summary>
/// <param name="Id">Its name in the API, e.g. <c>sign-in-code</c>.</param>
/// <param name="Key">Begins the names of its texts in <see cref="MessageTexts"/>.</param>
/// <param name="Origin">What it is counted as, see <see cref="OutgoingMessage.Origin"/>.</param>
internal sealed record MessageKind(string Id, string Key, Channel Channel, string Origin)
{
    /// <summary>Placeholders that text and HTML must have: without them the message does not do its work.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Every placeholder that it knows a value for, the required ones among them.</summary>
    public IReadOnlyList<string> Offered { get; init; } = [];

    /// <summary>Goes to members of staff only, so that a directory of customers has no template of it.</summary>
    public bool StaffOnly { get; init; }

    /// <summary>Says one sentence of its own above a text that all notices about credentials share.</summary>
    public bool IsCredentialNotice { get; init; }

    public bool IsSms => Channel == Channel.Sms;

    public bool IsFor(Directories.Directory directory) => !StaffOnly || directory.IsStaff;

    public override string ToString() => Id;
}
