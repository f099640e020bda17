using Custodia.Identity.Passwords.ForeignHashes;
using Custodia.Identity.Users;
using Custodia.Kernel.Vault;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Passwords;

/// <summary>
/// Hashes and verifies passwords with the framework's hasher (PBKDF2-HMAC-SHA512, salted, cost inside the hash). As many at a time
/// as there are processors: a flood of sign-ins waits here and does not take every thread.
/// </summary>
internal sealed class PasswordHashes : IDisposable
{
    private readonly PasswordHasher<User> _hasher;
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount));
    private readonly Lazy<string> _nobodys;

    public PasswordHashes(IOptions<IdentityOptions> options)
    {
        _hasher = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.PasswordIterations }));
        _nobodys = new Lazy<string>(() => _hasher.HashPassword(null!, Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16))));
    }

    public async Task<string> HashAsync(PlainPassword password, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        try
        {
            return _hasher.HashPassword(null!, password.Text);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Verifies against a hash; with none, against nobody's, so that the answer takes as long.</summary>
    public async Task<PasswordVerdict> VerifyAsync(string? hash, PlainPassword password, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        try
        {
            if (hash is not null && ForeignHashReader.IsForeign(hash)) return VerifyForeign(hash, password);
            var verdict = _hasher.VerifyHashedPassword(null!, hash ?? _nobodys.Value, password.Text);
            return (hash, verdict) switch
            {
                (null, _) or (_, PasswordVerificationResult.Failed) => PasswordVerdict.Wrong,
                (_, PasswordVerificationResult.SuccessRehashNeeded) => PasswordVerdict.RightButOld,
                _ => PasswordVerdict.Right,
            };
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>
    /// An imported hash. Nobody's is verified beside it, so that a cheap one does not answer sooner than a name that nobody has; a right
    /// one is replaced by ours at once.
    /// </summary>
    private PasswordVerdict VerifyForeign(string hash, PlainPassword password)
    {
        var matches = ForeignHashReader.Read(hash)?.Matches(password) == true;
        if (matches) return PasswordVerdict.RightButOld;
        _hasher.VerifyHashedPassword(null!, _nobodys.Value, password.Text);
        return PasswordVerdict.Wrong;
    }

    public void Dispose() => _turns.Dispose();
}

internal enum PasswordVerdict
{
    Wrong,
    Right,

    /// <summary>Right, but hashed at another cost: hash it again.</summary>
    RightButOld,
}

/// <summary>The stored password of a user: its hash, sealed.</summary>
internal sealed class UserPasswords(DataVault vault, PasswordHashes hashes)
{
    private const string Field = "credentials";

    /// <summary>Stores an already hashed password; everything signed in before is over.</summary>
    public async Task SetHashAsync(User user, string hash, CancellationToken cancellation)
    {
        user.Credentials = await vault.SealAsync(user.At(Field), hash, cancellation);
        user.SecurityStamp = SecurityStamp.New();
    }

    public async Task SetAsync(User user, PlainPassword password, CancellationToken cancellation) =>
        await SetHashAsync(user, await hashes.HashAsync(password, cancellation), cancellation);

    /// <summary>Verifies; takes as long for no user and for a user without a password.</summary>
    public async Task<PasswordVerdict> VerifyAsync(User? user, PlainPassword? password, CancellationToken cancellation)
    {
        var hash = user?.Credentials is { } stored ? await vault.OpenAsync(user.At(Field), stored, ProfileUse.SignIn, cancellation) : null;
        return await hashes.VerifyAsync(password is null ? null : hash, password ?? PlainPassword.From("nobody's")!, cancellation);
    }

    /// <summary>Replaces a hash of an older cost by one of today's, without ending sessions.</summary>
    public async Task RenewAsync(User user, PlainPassword password, CancellationToken cancellation) =>
        user.Credentials = await vault.SealAsync(user.At(Field), await hashes.HashAsync(password, cancellation), cancellation);
}
