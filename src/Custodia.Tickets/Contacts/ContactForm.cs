using System.Net.Mail;
using Custodia.Kernel.Vault;

namespace Custodia.Tickets.Contacts;

/// <summary>What an address or number must look like.</summary>
internal static class ContactForm
{
    public static bool TryNormalise(ContactKind kind, string? typed, out string contact)
    {
        contact = "";
        if (string.IsNullOrWhiteSpace(typed) || typed.Length > 254) return false;
        if (kind == ContactKind.Mobile)
        {
            contact = Normalise.Mobile(typed);
            var digits = contact.TrimStart('+');
            return digits.Length is >= 7 and <= 15 && typed.All(c => char.IsDigit(c) || c is '+' or ' ' or '-' or '(' or ')' or '.' or '＋');
        }

        contact = Normalise.Email(typed);
        // One plain addr-spec: no display name, no comments, a dot in the domain.
        return MailAddress.TryCreate(contact, out var address)
            && string.Equals(address.Address, contact, StringComparison.Ordinal)
            && contact.LastIndexOf('.') > contact.IndexOf('@', StringComparison.Ordinal)
            && !contact.Any(char.IsWhiteSpace)
            && !contact.Any(char.IsControl);
    }

    public static string RuleOf(ContactKind kind) =>
        kind == ContactKind.Email ? "must be a mail address" : "must be a number of 7 to 15 digits, with + and the country's code where it is abroad";
}
