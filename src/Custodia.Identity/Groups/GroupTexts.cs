using Custodia.Console;

namespace Custodia.Identity.Groups;

/// <summary>Texts about groups.</summary>
internal static class GroupTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Groups.GroupTexts", typeof(GroupTexts).Assembly);

    public static string Of(string key, params object[] values) => Source.Of(key, values);
}
