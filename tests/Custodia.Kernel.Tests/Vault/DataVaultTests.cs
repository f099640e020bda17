using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Custodia.Kernel.Vault;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging;

namespace Custodia.Kernel.Tests.Vault;

public sealed class DataVaultTests(VaultHost host) : IClassFixture<VaultHost>
{
    private const string Use = "identification";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DataVault _vault = host.Vault;

    [Fact]
    public void Any_text_comes_back_as_it_was()
    {
        var place = VaultHost.At(VaultHost.Somebody());
        Prop.ForAll<string>(text => text is null || RoundTrip(place, text) == text).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\ud800")]
    [InlineData("a\udc00b")]
    [InlineData("😀 王小明 \u0000 \ufeff")]
    public void Odd_text_comes_back_as_it_was(string text) => RoundTrip(VaultHost.At(VaultHost.Somebody()), text).ShouldBe(text);

    [Fact]
    public async Task Long_text_and_any_bytes_come_back_as_they_were()
    {
        var place = VaultHost.At(VaultHost.Somebody(), row: new string('r', 500));
        var text = new string('ß', 100_000);
        RoundTrip(place, text).ShouldBe(text);
        foreach (var size in new[] { 0, 1, 511, 512, 513, 1_000_000 })
        {
            var bytes = RandomNumberGenerator.GetBytes(size);
            var value = await _vault.SealAsync(place, bytes, None);
            (await _vault.OpenAsync(place, value, Use, None)).ShouldBe(bytes);
        }
    }

    [Fact]
    public void A_value_opens_at_its_own_place_only() =>
        Prop.ForAll(Places().ToArbitrary(), Places().ToArbitrary(), (here, there) => here == there || !Opens(there, SealAt(here, "secret")))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData("row")]
    [InlineData("field")]
    [InlineData("category")]
    [InlineData("person")]
    [InlineData("account")]
    [InlineData("kind")]
    public async Task A_moved_value_does_not_open(string moved)
    {
        var person = Guid.CreateVersion7();
        var here = VaultHost.At(KeyId.Subject(VaultHost.Account, person));
        var there = moved switch
        {
            "row" => here with { Row = "row-2" },
            "field" => here with { Field = "mobile" },
            "category" => here with { Category = "tickets.registered-contact" },
            "person" => here with { Key = VaultHost.Somebody() },
            "account" => here with { Key = KeyId.Subject(VaultHost.Account + 1, person) },
            _ => here with { Key = KeyId.Record(VaultHost.Account, "ticket", person) },
        };
        await _vault.SealAsync(there, "makes the key", None);
        Opens(there, SealAt(here, "secret")).ShouldBeFalse();
        Opens(here, SealAt(here, "secret")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_changed_byte_anywhere_keeps_a_value_shut()
    {
        var place = VaultHost.At(VaultHost.Somebody());
        var envelope = (await _vault.SealAsync(place, "alice@example.com", None)).ToStored();
        for (var i = 0; i < envelope.Length; i++)
        {
            var changed = envelope.ToArray();
            changed[i] ^= 1;
            Opens(place, new Sealed<string>(changed)).ShouldBeFalse($"byte {i}");
            Opens(place, new Sealed<string>(envelope[..i])).ShouldBeFalse($"cut to {i}");
        }
    }

    [Fact]
    public async Task Text_does_not_open_as_bytes()
    {
        var place = VaultHost.At(VaultHost.Somebody());
        var text = await _vault.SealAsync(place, "secret", None);
        await Should.ThrowAsync<AuthenticationTagMismatchException>(async () => await _vault.OpenAsync(place, new Sealed<byte[]>(text.ToStored()), Use, None));
    }

    [Fact]
    public async Task Equal_values_are_sealed_differently()
    {
        var place = VaultHost.At(VaultHost.Somebody());
        (await _vault.SealAsync(place, "x", None)).ShouldNotBe(await _vault.SealAsync(place, "x", None));
    }

    [Fact]
    public async Task A_sealed_value_shows_nothing_of_itself()
    {
        var value = await _vault.SealAsync(VaultHost.At(VaultHost.Somebody()), "canary", None);
        var lines = new List<string>();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(new Lines(lines)));
        logs.CreateLogger("test").LogInformation("{Value} {@Value}", value, value);
        string[] shown = [value.ToString(), $"{value}", string.Format(null, "{0}", value), .. lines];
        foreach (var text in shown)
        {
            text.ShouldNotContain("canary");
            text.ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes("canary")));
        }

        lines.ShouldNotBeEmpty();
        Should.Throw<NotSupportedException>(() => JsonSerializer.Serialize(new { value }));
    }

    [Fact]
    public async Task Opening_needs_a_use_that_the_policy_declares()
    {
        var place = VaultHost.At(VaultHost.Somebody());
        var value = await _vault.SealAsync(place, "x", None);
        await Should.ThrowAsync<UndeclaredUseException>(async () => await _vault.OpenAsync(place, value, "marketing", None));
    }

    [Fact]
    public async Task Nothing_is_sealed_for_a_field_that_the_policy_lacks() =>
        await Should.ThrowAsync<KeyNotFoundException>(async () => await _vault.SealAsync(VaultHost.At(VaultHost.Somebody(), field: "shoe-size"), "44", None));

    [Fact]
    public async Task Only_text_and_bytes_are_sealed() =>
        await Should.ThrowAsync<NotSupportedException>(async () => await _vault.SealAsync<object>(VaultHost.At(VaultHost.Somebody()), new { }, None));

    [Fact]
    public async Task After_the_destruction_of_its_key_a_value_is_gone()
    {
        var place = VaultHost.At(VaultHost.Somebody());
        var value = await _vault.SealAsync(place, "alice@example.com", None);
        (await _vault.MaskAsync(place, value, None)).ShouldBe("a***@example.com");
        (await _vault.DestroyAsync(place.Key, "account-deleted", None)).Existed.ShouldBeTrue();
        (await _vault.OpenAsync(place, value, Use, None)).ShouldBeNull();
        (await _vault.MaskAsync(place, value, None)).ShouldBeNull();
        await Should.ThrowAsync<KeyDestroyedException>(async () => await _vault.SealAsync(place, "x", None));
    }

    [Fact]
    public async Task An_index_is_equal_for_equal_values_of_one_account_and_field_only()
    {
        var index = await IndexAsync(1, "email", "alice@example.com");
        index.Length.ShouldBe(32);
        (await IndexAsync(1, "email", "alice@example.com")).ShouldBe(index);
        (await IndexAsync(1, "email", "alicf@example.com")).ShouldNotBe(index);
        (await IndexAsync(2, "email", "alice@example.com")).ShouldNotBe(index);
        (await IndexAsync(1, "mobile", "alice@example.com")).ShouldNotBe(index);
    }

    [Fact]
    public async Task A_field_without_lookup_has_no_index() =>
        await Should.ThrowAsync<InvalidOperationException>(() => IndexAsync(1, "birth-date", "2000-01-01"));

    [Fact]
    public async Task Many_callers_seal_and_open_at_once()
    {
        var people = Enumerable.Range(0, 8).Select(_ => VaultHost.Somebody()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
            {
                var place = VaultHost.At(people[(i + worker) % people.Length], row: $"{worker}/{i}");
                var value = await _vault.SealAsync(place, place.Row, None);
                (await _vault.OpenAsync(place, value, Use, None)).ShouldBe(place.Row);
            }
        })));
    }

    [Fact]
    public async Task A_warm_seal_allocates_the_envelope_and_little_more()
    {
        var place = VaultHost.At(VaultHost.Somebody());
        var text = new string('a', 64);
        for (var i = 0; i < 100; i++) await _vault.SealAsync(place, text, None);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            var sealing = _vault.SealAsync(place, text, None);
            sealing.IsCompletedSuccessfully.ShouldBeTrue();
        }

        // An array of 64 + 31 bytes and the object around it.
        ((GC.GetAllocatedBytesForCurrentThread() - before) / 1000).ShouldBeLessThan(220);
    }

    private static Gen<Place> Places() =>
        from account in Gen.Choose(1, 2)
        from person in Gen.Elements(new Guid(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), new Guid(2, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]))
        from field in Gen.Elements("email", "mobile", "user-name")
        from row in Gen.Elements("", "1", "11", "111")
        select VaultHost.At(KeyId.Subject(account, person), field, row);

    private async Task<byte[]> IndexAsync(long account, string field, string value) => await _vault.IndexAsync(account, VaultHost.Profile, field, value, None);

    // FsCheck's properties are synchronous; once its key is ready, the vault answers at once.
    private string? RoundTrip(Place place, string text) => _vault.OpenAsync(place, SealAt(place, text), Use, None).AsTask().GetAwaiter().GetResult();

    private Sealed<string> SealAt(Place place, string text) => _vault.SealAsync(place, text, None).AsTask().GetAwaiter().GetResult();

    private bool Opens(Place place, Sealed<string> value)
    {
        try
        {
            SealAt(place, "makes the key");
            var use = host.Policy.Category(place.Category).Uses[0].Id;
            return _vault.OpenAsync(place, value, use, None).AsTask().GetAwaiter().GetResult() is not null;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private sealed class Lines(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
