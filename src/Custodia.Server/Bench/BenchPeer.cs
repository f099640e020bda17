using System.Diagnostics;

namespace Custodia.Server.Bench;

/// <summary>Another project's server that rows are measured against; npm fetches it when it is needed first.</summary>
internal sealed class BenchPeer
{
    private BenchPeer(string folder) => Folder = folder;

    public string Folder { get; }

    /// <param name="name">A folder of <c>bench/peers</c>, with a lock file.</param>
    /// <exception cref="InvalidOperationException">The bench is not run from a clone, or npm fails.</exception>
    public static async Task<BenchPeer> InstallAsync(string name, CancellationToken cancellation)
    {
        var folder = Path.GetFullPath(Path.Combine("bench", "peers", name));
        if (!Directory.Exists(folder)) throw new InvalidOperationException($"bench/peers/{name} is not here: run the bench in a clone of the repository.");
        var (installed, wanted) = (Path.Combine(folder, "node_modules", ".package-lock.json"), Path.Combine(folder, "package-lock.json"));
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(wanted))
        {
            var start = new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]) { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false };
            using var npm = Process.Start(start) ?? throw new InvalidOperationException("npm cannot be started.");
            await npm.StandardOutput.ReadToEndAsync(cancellation);
            await npm.WaitForExitAsync(cancellation);
            if (npm.ExitCode != 0) throw new InvalidOperationException($"npm ci in bench/peers/{name} ends with {npm.ExitCode}.");
        }

        return new BenchPeer(folder);
    }
}
