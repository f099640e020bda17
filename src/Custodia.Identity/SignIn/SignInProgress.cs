using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.SignIn;

/// <summary>
/// What follows a proof. Every way to sign in (password, codes, passkey, external provider) ends here once it knows who it is;
/// only this decides whether that is enough for a session.
/// </summary>
internal sealed class SignInProgress(SignInCompletion completion)
{
    /// <summary>Takes a first proof: signs the person in, or keeps the sign-in waiting for what else the directory asks for.</summary>
    /// <param name="user">Tracked by the context, status checked; further changes to it are saved too.</param>
    /// <param name="method">How the person proved it: a name of <see cref="Sessions.Authentication"/>.</param>
    /// <param name="back">Where the person wanted to go: a path of this server; null is the directory's home.</param>
    public async Task<SignInStep> ProvedAsync(
        HttpContext http, Directory directory, User user, string method, string? back, CancellationToken cancellation)
    {
        await completion.CompleteAsync(http, directory, user, [method], cancellation);
        return new SignInStep(SignedIn: true, directory.ReturnOrHome(back));
    }
}

/// <summary>Where a sign-in stands after a proof.</summary>
/// <param name="SignedIn">The session is made and its cookie is in the answer; else something more is asked for at the path.</param>
/// <param name="Path">Where the browser goes next, on this server.</param>
internal readonly record struct SignInStep(bool SignedIn, string Path);
