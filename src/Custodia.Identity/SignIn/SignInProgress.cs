using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.SignIn;

/// <summary>
/// What follows a proof. Every way to sign in (password, codes, passkey, external provider) ends here once it knows who it is;
/// only this decides whether that is enough for a session.
/// </summary>
/// <remarks><code>
/// first proof ──ProvedAsync──┬─ enough ───────────────────────────────┬─ session, cookie, on to where the person wanted to go
///                            └─ waiting sign-in ── second proof ──FinishAsync ┘
/// </code></remarks>
internal sealed class SignInProgress(SecondFactorDecision decision, PendingSignIns pendings, SecondCode code, SignInCompletion completion)
{
    /// <summary>Takes a first proof: signs the person in, or keeps the sign-in waiting for what else the directory asks for.</summary>
    /// <param name="user">Tracked by the context, status checked; further changes to it are saved too.</param>
    /// <param name="method">How the person proved it: a name of <see cref="Sessions.Authentication"/>.</param>
    /// <param name="back">Where the person wanted to go: a path of this server; null is the directory's home.</param>
    public async Task<SignInStep> ProvedAsync(
        HttpContext http, Directory directory, User user, string method, string? back, CancellationToken cancellation)
    {
        if (await decision.NeedAsync(http, directory, user, method, cancellation) is not { } need)
        {
            var signedIn = await completion.CompleteAsync(http, directory, user, new SignInProof([method]), cancellation);
            return new SignInStep(signedIn, directory.ReturnOrHome(back));
        }

        var mailed = need == PendingNeed.MailedCode ? await code.SendAsync(directory, user, cancellation) : (Guid?)null;
        await pendings.AddAsync(http, directory, user, new PendingProof([method], need, mailed, back), session: null, cancellation);
        return new SignInStep(SignedIn: false, SecondFactorEndpoints.PathOf(directory));
    }

    /// <summary>Takes the second proof of a waiting sign-in.</summary>
    /// <param name="redeem">Uses the proof up inside the transaction that makes the session; false refuses it.</param>
    /// <param name="trust">The person asked to be spared the second factor in this browser.</param>
    /// <returns>Where to go; null when the proof was refused or the sign-in is over.</returns>
    public async Task<SignInStep?> FinishAsync(
        HttpContext http, Directory directory, WaitingPerson waiting, string method, Func<CancellationToken, Task<bool>> redeem, bool trust, CancellationToken cancellation)
    {
        var (pending, user) = waiting;
        var proof = new SignInProof([.. pending.Proofs.Append(method).Distinct(StringComparer.Ordinal)])
        {
            Session = pending.SessionId,
            Trust = trust,
            Redeem = async token => await redeem(token) && await pendings.UseAsync(pending, token),
        };
        if (!await completion.CompleteAsync(http, directory, user, proof, cancellation)) return null;
        PendingCookie.Delete(http, directory.Name);
        return new SignInStep(SignedIn: true, directory.ReturnOrHome(await pendings.ReturnPathAsync(pending, cancellation)));
    }
}

/// <summary>Where a sign-in stands after a proof.</summary>
/// <param name="SignedIn">The session is made and its cookie is in the answer; else something more is asked for at the path.</param>
/// <param name="Path">Where the browser goes next, on this server.</param>
internal readonly record struct SignInStep(bool SignedIn, string Path);

/// <summary>A sign-in that waits, with its person (tracked by the context).</summary>
internal readonly record struct WaitingPerson(PendingSignIn Pending, User User);
