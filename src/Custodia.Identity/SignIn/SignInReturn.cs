using Custodia.Identity.Directories;

namespace Custodia.Identity.SignIn;

/// <summary>
/// Knows where a local return address finally leads, e.g. that an authorization request ends at its application's redirect address.
/// The sign-in form must allow that origin (see <c>SecurityHeaders.AllowFormAction</c>).
/// </summary>
internal interface ISignInReturn
{
    /// <summary>The absolute address, checked against what is registered; null when the return address is none of its own.</summary>
    ValueTask<Uri?> TargetAsync(Directory directory, string returnPath, CancellationToken cancellation);
}
