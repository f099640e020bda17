namespace Custodia.Jq.Builtins.Dates;

/// <summary>Of the C locale; the first three letters are the short form.</summary>
internal static class Names
{
    public static readonly string[] Weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    public static readonly string[] Months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
}
