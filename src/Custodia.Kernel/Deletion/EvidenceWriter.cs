using System.Reflection;
using System.Text.Json;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Streams;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Deletion;

/// <summary>Writes the signed evidence of a finished request below the data directory.</summary>
internal sealed class EvidenceWriter(DataLayout layout, LoadedPolicy policy, LogStreams streams, KeyRing keys)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Checkpoints the logs, signs, and puts the file in place at once and for good. Repeating it replaces the file.</summary>
    /// <returns>Its path below the data directory.</returns>
    public async Task<string> WriteAsync(DeletionRequest request, IReadOnlyList<ErasureStepRow> steps, DestroyedKey destroyed, CancellationToken cancellation)
    {
        var checkpoints = await streams.CheckpointAsync("deletion", cancellation);
        var evidence = new Evidence(
            1,
            request.Id,
            request.Account,
            request.Person,
            request.RequestedBy,
            request.RequestedAt,
            request.DueAt,
            request.DoneAt!.Value,
            request.DoneAt <= request.DueAt,
            policy.Version,
            policy.Sha256,
            Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            [.. steps.Select(Step)],
            [new EvidenceKey(destroyed.Key.ToString(), destroyed.DestroyedAt)],
            [.. checkpoints.Select(c => new EvidenceCheckpoint(c.Category, c.Segment, c.Size, c.Root))]);
        using var signer = await CheckpointSigner.OpenAsync(keys, cancellation);
        var document = SignedDocument.Sign(evidence, content => signer.Sign(content));

        Directory.CreateDirectory(layout.Evidence);
        var file = Path.Combine(layout.Evidence, $"{request.Id:N}.json");
        await using (var stream = File.Create(file + ".new"))
        {
            await JsonSerializer.SerializeAsync(stream, document, Indented, cancellation);
            await stream.FlushAsync(cancellation);
            RandomAccess.FlushToDisk(stream.SafeFileHandle);
        }

        File.Move(file + ".new", file, overwrite: true);
        return Path.GetRelativePath(layout.Root, file).Replace('\\', '/');
    }

    private static EvidenceStep Step(ErasureStepRow row)
    {
        var report = JsonSerializer.Deserialize<ErasureReport>(row.Report, JsonSerializerOptions.Web);
        return new EvidenceStep(row.Step, row.At, report?.Categories ?? []);
    }
}
