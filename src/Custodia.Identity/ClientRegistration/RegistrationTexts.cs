using Custodia.Console;

namespace Custodia.Identity.ClientRegistration;

/// <summary>Texts of the page about registration tokens.</summary>
internal static class RegistrationTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.ClientRegistration.RegistrationTexts", typeof(RegistrationTexts).Assembly);

    public static string Of(string key, params object[] values) => Source.Of(key, values);
}
