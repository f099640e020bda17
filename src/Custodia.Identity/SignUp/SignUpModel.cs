using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Identity.Registration;

namespace Custodia.Identity.SignUp;

/// <summary>The sign-up form, for people who come by themselves and for those who were invited.</summary>
/// <param name="Asked">Null while nobody may come in this way.</param>
/// <param name="Return">Where to go afterwards; null is the directory's home.</param>
internal sealed record SignUpModel(Directory Directory, RegistrationForm? Asked, FormState Form, string? Return)
{
    /// <summary>Whether they came by the link of an invitation, be it one that works.</summary>
    public bool Invited { get; init; }

    /// <summary>Secret of the invitation's link.</summary>
    public string? Key { get; init; }

    /// <summary>The address that the invitation is bound to, or that the source vouches for.</summary>
    public string? Email { get; init; }

    /// <summary>What the source is called that they have signed in with; null for everybody else.</summary>
    public string? Source { get; init; }

    /// <summary>Where the form is posted to.</summary>
    public string Action => $"/d/{Directory.Name}/{(Source is not null ? "arrival" : Invited ? "invitation" : "sign-up")}";

    /// <summary>Another page of the directory, with the same return address.</summary>
    public string Path(string page) => $"/d/{Directory.Name}/{page}{(Return is null ? "" : "?return=" + Uri.EscapeDataString(Return))}";
}
