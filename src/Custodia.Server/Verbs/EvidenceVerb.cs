using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Custodia.Kernel.Deletion;
using Spectre.Console;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia evidence verify FILE</c>: offline, with the server's public key only.</summary>
internal static class EvidenceVerb
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The evidence, as downloaded." };
        var key = new Option<FileInfo?>("--public-key") { Description = "The server's public key (PEM); default: checkpoints/public-key.pem beside the evidence's folder." };
        var verify = new Command("verify", "Checks the signature and shows what was deleted.") { file, key };
        verify.SetAction((parsed, cancellation) => VerifyAsync(parsed.GetRequiredValue(file), parsed.GetValue(key), cancellation));
        return new Command("evidence", "Proofs of deletion.") { verify };
    }

    private static async Task<int> VerifyAsync(FileInfo file, FileInfo? key, CancellationToken cancellation)
    {
        key ??= new FileInfo(Path.Combine(file.Directory?.Parent?.FullName ?? ".", "checkpoints", "public-key.pem"));
        foreach (var needed in new[] { file, key })
        {
            if (needed.Exists) continue;
            await System.Console.Error.WriteLineAsync($"{needed.FullName} does not exist.");
            return 2;
        }

        using var publicKey = ECDsa.Create();
        SignedDocument? document;
        try
        {
            publicKey.ImportFromPem(await File.ReadAllTextAsync(key.FullName, cancellation));
            document = JsonSerializer.Deserialize<SignedDocument>(await File.ReadAllTextAsync(file.FullName, cancellation), JsonSerializerOptions.Web);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or CryptographicException)
        {
            await System.Console.Error.WriteLineAsync("This is not evidence, or not a public key.");
            return 2;
        }

        if (document?.Verify<Evidence>(publicKey) is not { } evidence)
        {
            AnsiConsole.WriteLine("INVALID: the signature is not by this key, or the evidence was changed.");
            return 1;
        }

        Show(evidence);
        return 0;
    }

    private static void Show(Evidence evidence)
    {
        AnsiConsole.WriteLine($"VALID: deletion request {evidence.Request} of person {evidence.Person}, account {evidence.Account}");
        AnsiConsole.WriteLine($"requested {evidence.RequestedAt:u}, due {evidence.DueAt:u}, done {evidence.DoneAt:u} ({(evidence.InTime ? "in time" : "LATE")}), policy {evidence.PolicyVersion} {evidence.PolicySha256}");
        var table = new Table().AddColumns("part", "category", "found", "deleted", "kept", "why kept");
        foreach (var step in evidence.Steps)
        {
            foreach (var category in step.Categories)
                table.AddRow(step.Part, category.Category, $"{category.Found}", $"{category.Deleted}", $"{category.Kept}", Markup.Escape(category.Reason ?? ""));
        }

        AnsiConsole.Write(table);
        foreach (var key in evidence.KeysDestroyed) AnsiConsole.WriteLine($"key destroyed {key.DestroyedAt:u}: {key.Key}");
        foreach (var point in evidence.Checkpoints) AnsiConsole.WriteLine($"log {point.Stream} {point.Day}: {point.Size} records, root {point.Root}");
    }
}
