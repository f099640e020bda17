using Custodia.Identity.SignIn;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Device;

/// <summary>Slows the guessing of codes down (RFC 8628 section 5.1): per person and per address; right codes do not count.</summary>
internal sealed class DeviceGuard(Attempts attempts, SignInGuard addresses, IOptions<IdentityOptions> options)
{
    /// <summary>Null when a code may be tried, else how long to wait.</summary>
    public TimeSpan? Take(HttpContext http, Guid person)
    {
        var own = attempts.Take(Key(person), options.Value.AttemptsPerName);
        return addresses.TakeAddress(http.Facts().ClientIp) is { } shared && (own is null || shared > own) ? shared : own;
    }

    public void Right(HttpContext http, Guid person)
    {
        attempts.Return(Key(person));
        addresses.SucceededFrom(http.Facts().ClientIp);
    }

    private static string Key(Guid person) => $"device/{person:N}";
}
