using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Rules;

namespace Custodia.Identity.SignIn;

/// <summary>A form of a directory.</summary>
/// <param name="Return">Where to go afterwards; null is the directory's home.</param>
internal record DirectoryForm(Directory Directory, FormState Form, string? Return)
{
    /// <summary>Another page of the directory, with the same return address.</summary>
    public string Path(string page) => $"/d/{Directory.Name}/{page}{(Return is null ? "" : "?return=" + Uri.EscapeDataString(Return))}";
}

/// <summary>The first page of signing in.</summary>
/// <param name="Rules">Which ways are on.</param>
internal sealed record SignInModel(Directory Directory, FormState Form, string? Return, SignInRules Rules) : DirectoryForm(Directory, Form, Return);

/// <summary>The form for the digits of a code.</summary>
/// <param name="Action">Where the digits are posted to.</param>
/// <param name="Id">Which code.</param>
internal sealed record CodeForm(string Action, Guid Id, FormState Form, string? Return)
{
    /// <summary>The page where another code can be asked for.</summary>
    public string Again => $"{Action[..Action.LastIndexOf('/')]}{(Return is null ? "" : "?return=" + Uri.EscapeDataString(Return))}";

    /// <summary>The user name that was wanted is taken: the person chooses another.</summary>
    public bool AskUserName { get; init; }
}
