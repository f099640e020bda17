namespace Custodia.Identity.Templates;

/// <summary>What templates can name between double braces. Which of them a message offers is in <see cref="MessageCatalogue"/>.</summary>
internal static class Placeholders
{
    /// <summary>The directory's title, in the language of the template.</summary>
    public const string Directory = "directory";

    /// <summary>
    /// What the person is called: display name, else user name, else the address. Only in messages that the owner of a verified address
    /// gets: in others a stranger could have this server send a text of theirs to anybody.
    /// </summary>
    public const string Name = "name";

    public const string Code = "code";
    public const string Minutes = "minutes";
    public const string Link = "link";
    public const string Expires = "expires";
    public const string Browser = "browser";
    public const string Country = "country";
    public const string Time = "time";
    public const string DueSoon = "dueSoon";
    public const string Overdue = "overdue";

    /// <summary>Only these may be the target of a link; no other value goes into an address.</summary>
    public static bool IsAddress(string name) => name == Link;

    /// <summary>Not in a subject: subjects show on locked screens and in the logs of mail servers.</summary>
    public static bool IsSecret(string name) => name is Code or Link;
}
