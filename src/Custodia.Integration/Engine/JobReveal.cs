using System.Text;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Integration.Engine;

/// <summary>Shows staff what a job or one of its steps worked on: by whitelist, for a purpose, on record first.</summary>
internal sealed class JobReveal(IntegrationContext context, DataVault vault)
{
    public const string Category = "integration.job";

    /// <param name="step">Number of the step; null: the message as it is now.</param>
    /// <returns>JSON; null when the account has no such job or the step kept nothing.</returns>
    public async Task<RevealOutcome<string>?> RevealAsync(HttpContext http, Guid id, int? step, RevealWords why, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (await context.Jobs.AsNoTracking().FirstOrDefaultAsync(j => j.Account == caller.Account && j.Id == id, cancellation) is not { } job) return null;
        var (place, value) = (job.MessagePlace, (Sealed<byte[]>?)job.Message);
        if (step is { } sequence)
        {
            var found = await context.JobSteps.AsNoTracking().FirstOrDefaultAsync(s => s.JobId == id && s.Sequence == sequence, cancellation);
            (place, value) = (found?.DataPlace(job.Key) ?? default, found?.Data);
        }

        if (value is null) return null;
        // A job without a person is nobody's as far as the server knows.
        var request = new RevealRequest(place, job.Person ?? Guid.Empty, caller, http.Facts(), why.Purpose, why.Reason, $"job/{id:N}");
        return await vault.RevealAsync(request, value, cancellation) switch
        {
            RevealOutcome<byte[]>.Revealed revealed => new RevealOutcome<string>.Revealed(Encoding.UTF8.GetString(revealed.Value)),
            RevealOutcome<byte[]>.NotOnWhitelist refused => new RevealOutcome<string>.NotOnWhitelist(refused.Category, refused.Whitelist),
            RevealOutcome<byte[]>.Invalid invalid => new RevealOutcome<string>.Invalid(invalid.Field, invalid.Rule),
            _ => new RevealOutcome<string>.Shredded(),
        };
    }
}

/// <param name="Purpose">A use that the category declares.</param>
/// <param name="Reason">3 to 500 characters.</param>
internal readonly record struct RevealWords(string Purpose, string Reason);
