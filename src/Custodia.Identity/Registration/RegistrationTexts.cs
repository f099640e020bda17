using Custodia.Console;

namespace Custodia.Identity.Registration;

/// <summary>Texts of registration, agreements and the age gate.</summary>
internal static class RegistrationTexts
{
    public static readonly TextSource Source = new("Custodia.Identity.Registration.RegistrationTexts", typeof(RegistrationTexts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);
}
