using System.Text.Json;
using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.SignUp;

/// <summary>Keeps what somebody entered until their address is verified.</summary>
internal sealed class PendingSignUps(IdentityContext database, DataVault vault, TimeProvider time)
{
    /// <summary>Adds it to the context.</summary>
    /// <returns>The id that the user will have.</returns>
    public async Task<Guid> AddAsync(Directory directory, SignUpData data, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var pending = new PendingSignUp { Id = Guid.CreateVersion7(now), Account = directory.Account, DirectoryId = directory.Id, CreatedAt = now };
        pending.Form = await vault.SealAsync(pending.FormPlace, JsonSerializer.Serialize(data), cancellation);
        database.PendingSignUps.Add(pending);
        return pending.Id;
    }

    /// <summary>What was entered; null when it has expired or was completed already.</summary>
    public async Task<SignUpData?> FindAsync(Directory directory, Guid id, CancellationToken cancellation)
    {
        var pending = await database.PendingSignUps.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.DirectoryId == directory.Id, cancellation);
        var json = pending is null ? null : await vault.OpenAsync(pending.FormPlace, pending.Form, "registration", cancellation);
        return json is null ? null : JsonSerializer.Deserialize<SignUpData>(json);
    }

    public Task RemoveAsync(Guid id, CancellationToken cancellation) =>
        database.PendingSignUps.Where(p => p.Id == id).ExecuteDeleteAsync(cancellation);
}

/// <summary>What somebody enters to sign up, the password already hashed.</summary>
internal sealed record SignUpData(Profile Profile, string PasswordHash, string? Country)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => "(sign-up)";
}
