using Custodia.Identity.Directories;

namespace Custodia.Identity.SignIn;

/// <summary>
/// Knows where a local return address finally leads, e.g. that an authorization request ends at its application's redirect address.
/// The sign-in form must allow that origin (see <c>SecurityHeaders.AllowFormAction</c>).
/// </summary>
internal interface ISignInReturn
{
    /// <summary>Where it leads; null when the return address is none of its own.</summary>
    ValueTask<SignInTarget?> TargetAsync(Directory directory, string returnPath, CancellationToken cancellation);
}

/// <summary>What waits for the sign-in.</summary>
/// <param name="Address">The absolute address, checked against what is registered.</param>
/// <param name="LoginHint">Whom it expects, in the words of the form's name field; unchecked, up to 320 characters.</param>
internal sealed record SignInTarget(Uri Address, string? LoginHint)
{
    /// <summary>Never the hint: it may name a person.</summary>
    public override string ToString() => Address.Host;
}
