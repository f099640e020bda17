using System.Runtime.InteropServices;

namespace Custodia.Kernel.Hosting;

/// <summary>Folders and files that only the account may read under which the server runs.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const uint NobodyElse = 0b000_111_111;

    /// <summary>From now on every file that this process makes is its owner's alone, whoever makes it: the database engine does not ask us.</summary>
    public static void FromNowOn()
    {
        if (!OperatingSystem.IsWindows()) _ = Mask(NobodyElse);
    }

    /// <summary>Makes a folder that only its owner may read; one that is there already is closed, if it is ours.</summary>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, OwnerOnly);
        if (File.GetUnixFileMode(path) == OwnerOnly) return;
        try
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }
        catch (UnauthorizedAccessException)
        {
            // A volume that belongs to somebody else stays as its owner wants it; what lies in it is ours alone.
        }
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint Mask(uint mask);
}
