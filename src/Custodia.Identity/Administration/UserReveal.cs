using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Administration;

/// <summary>Shows staff a sealed value of a user: by whitelist, for a purpose, on record first.</summary>
internal sealed class UserReveal(DataVault vault)
{
    /// <returns>Null when the user has no such value.</returns>
    public async Task<RevealOutcome<string>?> RevealAsync(
        HttpContext http, User user, UserField field, string purpose, string reason, CancellationToken cancellation)
    {
        if (field.Get(user) is not { } value) return null;
        var request = new RevealRequest(user.At(field.Name), user.Id, http.Caller(), http.Facts(), purpose, reason, $"user/{user.Id:N}");
        return await vault.RevealAsync(request, value, cancellation);
    }
}
