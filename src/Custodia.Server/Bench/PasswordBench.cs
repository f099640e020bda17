using System.Diagnostics;
using System.Security.Cryptography;

namespace Custodia.Server.Bench;

/// <summary>Sign-ins by password at the default cost, against the bare hash on the same core.</summary>
internal sealed class PasswordBench : BenchRow
{
    // As IdentityOptions.PasswordIterations; the hash is PBKDF2-HMAC-SHA512 with 32 bytes.
    private const int Iterations = 210_000;
    private const int Hashes = 8;

    // Rounds until what a sign-in calls beside the hash is compiled as well as it will be: a few sign-ins a second take a while.
    private const int WarmUps = 20;

    // Fewer than the tries that one name has at the same time.
    private const int AtOnce = 4;

    private BenchOurs? _ours;
    private SignInForm? _form;

    public override string Name => "password";

    public override string Title => "sign-in by password, session and log on disk, one core";

    public override string Against => $"PBKDF2-HMAC-SHA512 with {Iterations:#,0} rounds, bare";

    public override string Unit => "/s";

    public override BenchTarget Target => BenchTarget.AtLeast(0.9);

    public override async Task PrepareAsync(string folder, CancellationToken cancellation)
    {
        HttpLoad.LeaveServers(leave: true);
        _ours = await BenchOurs.StartAsync(Path.Combine(folder, "data"), cancellation);
        _form = await _ours.FormAsync(cancellation);
        for (var i = 0; i < WarmUps; i++) await MeasureAsync(cancellation);
    }

    public override Task<double> MeasureAsync(CancellationToken cancellation) =>
        HttpLoad.MeasureAsync((_, stop) => _ours!.SignInAsync(_form!, stop), cancellation, AtOnce);

    public override Task<double> MeasureAgainstAsync(CancellationToken cancellation)
    {
        HttpLoad.JoinServers();
        try
        {
            var salt = RandomNumberGenerator.GetBytes(16);
            var begun = Stopwatch.GetTimestamp();
            for (var i = 0; i < Hashes; i++) Rfc2898DeriveBytes.Pbkdf2(BenchOurs.Password, salt, Iterations, HashAlgorithmName.SHA512, 32);
            return Task.FromResult(Hashes / Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }
        finally
        {
            HttpLoad.LeaveServers(leave: true);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        HttpLoad.LeaveServers(leave: false);
        if (_ours is not null) await _ours.DisposeAsync();
        await base.DisposeAsync();
    }
}
