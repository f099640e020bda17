using System.Diagnostics;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Vault;
using Custodia.Testing;

namespace Custodia.Kernel.Tests.Vault;

/// <summary>The verb as a process, killed with SIGKILL where it happens to be.</summary>
public sealed class KilledRotationTests
{
    private const int People = 3000;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_rotation_that_is_killed_again_and_again_is_finished_at_last()
    {
        await using var folder = new KeyFolder();
        var ring = folder.Open();
        var values = await Task.WhenAll(Enumerable.Range(0, People).Select(async i =>
        {
            var key = KeyId.Subject(i % 5, Guid.CreateVersion7());
            using var lease = await ring.RentAsync(key, None);
            return (Key: key, Value: KeyWrap.Wrap(lease, "test", [1]));
        }));
        var first = RootKeyFile.Read(folder.RootFile)[0].Id;
        string[] verb = ["keys", "rotate", $"--Custodia:DataDirectory={folder.Layout.Root}"];
        for (var kill = 0; kill < 3; kill++)
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "custodia.dll"), .. verb]) { RedirectStandardOutput = true })!;
            await WaitForWorkAsync(process, folder, first);
            process.Kill();
            await process.WaitForExitAsync();

            // The ring that was open all the time, and a new one.
            await using var fresh = new KeyRing(folder.Layout, new KeyOptions(), TimeProvider.System);
            ring.Refresh();
            foreach (var (key, value) in values.Where((_, i) => i % 50 == kill))
            {
                foreach (var each in new[] { ring, fresh })
                {
                    using var lease = (await each.FindAsync(key, None)).ShouldNotBeNull();
                    KeyWrap.Unwrap(lease, "test", value, new byte[1]);
                }
            }
        }

        var (code, output, error) = await CustodiaProcess.RunAsync(verb);
        code.ShouldBe(0, output + error);
        using var store = KeyStore.Open(folder.Layout.Keys);
        var root = store.Roots().ShouldHaveSingleItem();
        root.Handover.ShouldBeNull();
        root.Id.ShouldNotBe(first);
        RootKeyFile.Read(folder.RootFile).ShouldHaveSingleItem().Id.ShouldBe(root.Id);
        store.Count("SELECT count(*) FROM account_keys").ShouldBe(store.Count("SELECT count(DISTINCT account) FROM account_keys"));
    }

    /// <summary>Until the verb has re-wrapped something that is still under the first root, or is over.</summary>
    private static async Task WaitForWorkAsync(Process process, KeyFolder folder, string first)
    {
        using var store = KeyStore.Open(folder.Layout.Keys);
        var before = Remaining();
        while (!process.HasExited && Remaining() is var now && (now == before || store.Roots().Count == 1)) await Task.Delay(1);

        long Remaining() => store.Count(
            "SELECT count(*) FROM keys k JOIN account_keys a ON a.account = k.account AND a.version = k.wrapped_by WHERE a.wrapped_by = $1", first);
    }
}
