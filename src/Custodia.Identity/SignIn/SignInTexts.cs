using Custodia.Console;

namespace Custodia.Identity.SignIn;

/// <summary>Texts of signing in beyond the first proof: second factors, recovery, rules.</summary>
internal static class SignInTexts
{
    public static readonly TextSource Source = new("Custodia.Identity.SignIn.SignInTexts", typeof(SignInTexts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);
}
