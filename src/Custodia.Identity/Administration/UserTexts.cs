using Custodia.Console;

namespace Custodia.Identity.Administration;

/// <summary>Texts about finding users and about their status.</summary>
internal static class UserTexts
{
    public static readonly TextSource Source = new("Custodia.Identity.Administration.UserTexts", typeof(UserTexts).Assembly);

    public static string Of(string key, params object?[] values) => Source.Of(key, values);
}
