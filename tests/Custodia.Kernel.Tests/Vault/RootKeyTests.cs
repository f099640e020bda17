using System.Security.Cryptography;
using Custodia.Kernel.Vault;
using Custodia.Kernel.Hosting;

namespace Custodia.Kernel.Tests.Vault;

public sealed class RootKeyTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly KeyId Key = KeyId.Subject(1, new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]));
    private readonly KeyFolder _folder = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task The_first_start_makes_a_root_key_that_only_its_owner_reads()
    {
        await StartAsync();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_folder.RootFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(_folder.Database).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Directory.GetFiles(_folder.Layout.Keys, "*.new").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_root_key_over_existing_keys_stops_the_start()
    {
        await StartAsync();
        File.Delete(_folder.RootFile);
        Refused(RootKeyFault.Missing);
        File.Exists(_folder.RootFile).ShouldBeFalse();
    }

    [Fact]
    public async Task A_missing_key_store_over_existing_data_stops_the_start()
    {
        await StartAsync();
        File.Delete(_folder.Database);
        Directory.CreateDirectory(_folder.Layout.Main);
        await File.WriteAllTextAsync(_folder.Layout.MainDatabase, "data");
        Refused(RootKeyFault.StoreMissing);
        File.Delete(_folder.RootFile);
        Refused(RootKeyFault.StoreMissing);
        await File.WriteAllBytesAsync(_folder.Database, []);
        Refused(RootKeyFault.StoreMissing);
        File.Exists(_folder.RootFile).ShouldBeFalse();
    }

    [Fact]
    public async Task A_root_key_cut_anywhere_stops_the_start()
    {
        await StartAsync();
        var whole = await File.ReadAllTextAsync(_folder.RootFile);
        for (var length = 0; length < whole.Length - 1; length += 7)
        {
            await File.WriteAllTextAsync(_folder.RootFile, whole[..length]);
            Refused(RootKeyFault.Truncated);
        }

        await File.WriteAllTextAsync(_folder.RootFile, whole);
        _folder.Open();
    }

    [Fact]
    public async Task One_flipped_bit_anywhere_in_the_root_key_stops_the_start()
    {
        await StartAsync();
        var whole = await File.ReadAllBytesAsync(_folder.RootFile);
        for (var i = 0; i < whole.Length; i++)
        {
            // Line ends are not part of the key.
            if (i == whole.Length - 1) continue;
            var flipped = whole.ToArray();
            flipped[i] ^= 1;
            await File.WriteAllBytesAsync(_folder.RootFile, flipped);
            Refused(null);
        }
    }

    [Fact]
    public async Task Another_servers_root_key_stops_the_start_and_both_keys_are_named()
    {
        await StartAsync();
        var other = RootKey.New();
        var ours = RootKeyFile.Read(_folder.RootFile)[0];
        RootKeyFile.Write(_folder.RootFile, RootKeyFile.Format(other), overwrite: true);
        var refusal = Refused(RootKeyFault.Foreign);
        refusal.Message.ShouldContain(other.Id);
        refusal.Message.ShouldContain(ours.Id);
        refusal.Message.ShouldNotContain(other.ToBase64());
    }

    [Fact]
    public async Task A_key_store_that_is_no_database_stops_the_start()
    {
        await StartAsync();
        await File.WriteAllBytesAsync(_folder.Database, RandomNumberGenerator.GetBytes(8192));
        Refused(RootKeyFault.Unreadable);
    }

    [Fact]
    public async Task The_root_key_can_come_from_the_configuration()
    {
        var options = new KeyOptions { RootKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };
        await StartAsync(options);
        File.Exists(_folder.RootFile).ShouldBeFalse();
        (await _folder.Open(options).FindAsync(Key, None)).ShouldNotBeNull();
        Refused(RootKeyFault.Foreign, new KeyOptions { RootKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) });
        Refused(RootKeyFault.Missing, new KeyOptions());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    public void An_empty_or_malformed_setting_stops_the_start_and_makes_nothing(string setting)
    {
        Refused(RootKeyFault.Malformed, new KeyOptions { RootKey = setting });
        File.Exists(_folder.RootFile).ShouldBeFalse();
        File.Exists(_folder.Database).ShouldBeFalse();
    }

    [Fact]
    public async Task The_root_key_can_come_from_a_command()
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await StartAsync(new KeyOptions { RootKeyCommand = $"/bin/echo '{key}'" });
        (await _folder.Open(new KeyOptions { RootKey = key }).FindAsync(Key, None)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("/bin/false")]
    [InlineData("/no/such/program")]
    [InlineData("/bin/echo hello")]
    [InlineData("/bin/echo $HOME")]
    [InlineData("/bin/echo 'open")]
    public void A_failing_command_stops_the_start(string command) => Refused(RootKeyFault.CommandFailed, new KeyOptions { RootKeyCommand = command });

    [Fact]
    public void A_command_that_hangs_is_ended() =>
        Should.Throw<RootKeyException>(() => RootKeyCommand.Run("/bin/sleep 60", TimeSpan.FromMilliseconds(200))).Message.ShouldContain("0.2 seconds");

    [Fact]
    public void A_command_line_is_split_without_a_shell() =>
        RootKeyCommand.Split("kms  get --name 'root key' --at \"a 'b'\" $HOME *.pem \"\" x'y'z").ShouldBe(["kms", "get", "--name", "root key", "--at", "a 'b'", "$HOME", "*.pem", "", "xyz"]);

    [Fact]
    public async Task Every_column_of_the_key_store_has_a_policy_line()
    {
        await StartAsync();
        using var store = KeyStore.Open(_folder.Layout.Keys);
        var columns = store.List(
            "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
            static row => row.GetString(0));
        columns.ShouldBe([.. StoredKey.Columns.Keys, .. Tombstone.Columns.Keys], ignoreOrder: true);
        StoredKey.Columns.Values.Distinct().ShouldBe(typeof(StoredKey).GetConstructors()[0].GetParameters().Select(p => p.Name!), ignoreOrder: true);
        Tombstone.Columns.Values.Distinct().ShouldBe(typeof(Tombstone).GetConstructors()[0].GetParameters().Select(p => p.Name!), ignoreOrder: true);
    }

    private async Task StartAsync(KeyOptions? options = null)
    {
        using (await _folder.Open(options).RentAsync(Key, None))
        {
        }

        await _folder.CloseAsync();
    }

    private RootKeyException Refused(RootKeyFault? fault, KeyOptions? options = null)
    {
        var refusal = Should.Throw<RootKeyException>(() => _folder.Open(options));
        if (fault is not null) refusal.Fault.ShouldBe(fault.Value);
        return refusal;
    }
}
