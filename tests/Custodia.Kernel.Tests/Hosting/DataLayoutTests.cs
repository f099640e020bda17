using System.Runtime.Versioning;
using Custodia.Kernel.Hosting;
using Custodia.Testing;

namespace Custodia.Kernel.Tests.Hosting;

[SupportedOSPlatform("linux")]
public sealed class DataLayoutTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_data_directory_is_its_owners_alone(bool wasOpen)
    {
        var root = _folder.File("data");
        if (wasOpen) Directory.CreateDirectory(root, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var layout = new DataLayout(new CustodiaOptions { DataDirectory = root });
        layout.Create();
        File.WriteAllText(Path.Combine(layout.Main, "new.txt"), "");
        Directory.CreateDirectory(Path.Combine(layout.Policy, "new"));
        File.GetUnixFileMode(root).ShouldBe(OwnerOnly);
        foreach (var folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories)) File.GetUnixFileMode(folder).ShouldBe(OwnerOnly, folder);
        File.GetUnixFileMode(Path.Combine(layout.Main, "new.txt")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
