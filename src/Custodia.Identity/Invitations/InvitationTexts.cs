using Custodia.Console;

namespace Custodia.Identity.Invitations;

/// <summary>Texts of invitations.</summary>
internal static class InvitationTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Invitations.InvitationTexts", typeof(InvitationTexts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);
}
