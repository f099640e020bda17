using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Custodia.Identity.Directories;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Http;
using Custodia.Kernel.Streams;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Logs;

/// <summary>What the user operation log says happened.</summary>
internal static class OperationResult
{
    public const string SignedIn = "signed-in";
    public const string SignInRefused = "sign-in-refused";
    public const string SignInThrottled = "sign-in-throttled";
    public const string SignedOut = "signed-out";
    public const string CodeSent = "code-sent";
    public const string CodeRefused = "code-refused";
    public const string SteppedUp = "stepped-up";
    public const string SecondFactorRefused = "second-factor-refused";
    public const string SecondFactorAdded = "second-factor-added";
    public const string SecondFactorRemoved = "second-factor-removed";
    public const string RecoveryCodesRenewed = "recovery-codes-renewed";
    public const string RecoveryStarted = "recovery-started";
    public const string PasswordRecovered = "password-recovered";
    public const string SignUpStarted = "sign-up-started";
    public const string Registered = "registered";

    /// <summary>An age gate refused somebody; the record says neither whom nor where from.</summary>
    public const string AgeRefused = "age-refused";
    public const string AgreementsAccepted = "agreements-accepted";
    public const string AgreementWithdrawn = "agreement-withdrawn";
    public const string ProfileChanged = "profile-changed";
    public const string EmailChanged = "email-changed";
    public const string PasswordChanged = "password-changed";
    public const string PasswordChangeRefused = "password-change-refused";
    public const string SessionEnded = "session-ended";
    public const string SessionsEnded = "sessions-ended";
    public const string IdentityConnected = "identity-connected";
    public const string IdentityDisconnected = "identity-disconnected";
    public const string AccountsMerged = "accounts-merged";
    public const string DataExported = "data-exported";
    public const string DeletionRequested = "deletion-requested";
    public const string DeletionRefused = "deletion-refused";
    public const string DeletionWithdrawn = "deletion-withdrawn";

    public static readonly FrozenSet<string> All = new[]
    {
        SignedIn, SignInRefused, SignInThrottled, SignedOut, CodeSent,
        SteppedUp, SecondFactorRefused, SecondFactorAdded, SecondFactorRemoved, RecoveryCodesRenewed, RecoveryStarted, PasswordRecovered,
        CodeRefused, SignUpStarted, Registered, ProfileChanged, EmailChanged,
        PasswordChanged, PasswordChangeRefused, SessionEnded, SessionsEnded, DataExported,
        DeletionRequested, DeletionRefused, DeletionWithdrawn, IdentityConnected, IdentityDisconnected,
        AccountsMerged, AgeRefused, AgreementsAccepted,
        AgreementWithdrawn,
    }.ToFrozenSet(StringComparer.Ordinal);
}

/// <summary>Writes the user operation log: on disk before the person is answered.</summary>
internal sealed class UserOperations(LogStreams streams, TimeProvider time)
{
    private static readonly Counter<long> Operations = Telemetry.Meter.CreateCounter<long>("custodia.user.operations", "{operation}", "Sign-ins, refusals, registrations and what else people do.");

    /// <param name="person">Whose operation it was; null where nobody known tried.</param>
    public ValueTask RecordAsync(HttpContext http, Directory directory, Guid? person, string result, CancellationToken cancellation)
    {
        Operations.Add(1, new KeyValuePair<string, object?>("result", result));
        return streams.AppendAsync(
            new UserOperation
            {
                Account = directory.Account,
                Person = person,
                OperationTime = time.GetUtcNow(),
                Result = result,
                ClientIp = http.Facts().ClientIp.ToString(),
            },
            cancellation);
    }
}
