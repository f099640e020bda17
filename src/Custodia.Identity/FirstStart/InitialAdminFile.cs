using System.IO;
using System.Text.Json;
using Custodia.Kernel.Hosting;

namespace Custodia.Identity.FirstStart;

/// <summary>
/// What the first administrator needs, once: <c>initial-admin.json</c> in the data directory, readable by the owner only. Written
/// whole or not at all; to be deleted when it has been read.
/// </summary>
internal sealed record InitialAdminFile(string Issuer, string ClientId, string ClientSecret, string UserName, string Password)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public async Task WriteAsync(DataLayout layout, CancellationToken cancellation)
    {
        var path = Path.Combine(layout.Root, "initial-admin.json");
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var file = new FileStream(temporary, options))
        {
            await JsonSerializer.SerializeAsync(file, this, Json, cancellation);
            await file.FlushAsync(cancellation);
#pragma warning disable VSTHRD103 // The disk itself is reached by the synchronous call only.
            file.Flush(flushToDisk: true);
#pragma warning restore VSTHRD103
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Never the secrets.</summary>
    public override string ToString() => "(initial administrator)";
}
