using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Vault;

namespace Custodia.Server.Bench;

/// <summary>Sealing a field of 64 bytes with its index, against the bare cipher and the bare HMAC on ready bytes and buffers.</summary>
internal sealed class SealBench : BenchRow
{
    private const int People = 128;
    private const int Batch = 500;
    private const long Account = 1;
    private const string Category = "identity.user-profile";
    private const string Field = "email";
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    private readonly string _text = new('m', 64);
    private readonly Place[] _places = [.. Enumerable.Range(0, People).Select(_ => new Place(KeyId.Subject(Account, Guid.CreateVersion7()), Category, Field, Guid.CreateVersion7().ToString("N")))];
    private readonly byte[] _indexKey = RandomNumberGenerator.GetBytes(32);
    private readonly AesGcm _cipher = new(RandomNumberGenerator.GetBytes(32), 16);
    private IHost? _host;
    private DataVault? _vault;

    public override string Name => "seal";

    public override string Title => "a 64-byte field with index";

    public override string Against => "bare AesGcm and HMAC";

    public override string Unit => "values/s";

    public override BenchTarget Target => BenchTarget.AtLeast(0.6);

    public override async Task PrepareAsync(string folder, CancellationToken cancellation)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory, DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new KeyValuePair<string, string?>("Custodia:DataDirectory", folder)]);
        builder.Services.AddLogging();
        builder.Services.AddCustodia(builder.Configuration, builder.Environment, []);
        _host = builder.Build();
        _vault = _host.Services.GetRequiredService<DataVault>();
        foreach (var place in _places) await _vault.SealAsync(place, _text, cancellation);
    }

    public override async Task<double> MeasureAsync(CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var done = 0L;
        while (Stopwatch.GetElapsedTime(start) < Length)
        {
            for (var i = 0; i < Batch; i++, done++)
            {
                await _vault!.SealAsync(_places[done % People], _text, cancellation);
                await _vault.IndexAsync(Account, Category, Field, _text, cancellation);
            }
        }

        return done / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public override Task<double> MeasureAgainstAsync(CancellationToken cancellation)
    {
        var plain = Encoding.UTF8.GetBytes(_text);
        byte[] nonce = new byte[12], tag = new byte[16], sealedText = new byte[plain.Length], index = new byte[32];
        var start = Stopwatch.GetTimestamp();
        var done = 0L;
        while (Stopwatch.GetElapsedTime(start) < Length)
        {
            for (var i = 0; i < Batch; i++, done++)
            {
                RandomNumberGenerator.Fill(nonce);
                _cipher.Encrypt(nonce, plain, sealedText, tag);
                HMACSHA256.HashData(_indexKey, plain, index);
            }
        }

        return Task.FromResult(done / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public override async ValueTask DisposeAsync()
    {
        _cipher.Dispose();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
    }
}
