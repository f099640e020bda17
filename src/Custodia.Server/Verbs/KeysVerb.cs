using System.CommandLine;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Vault;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia keys rotate | show</c>: the key store, also while a server runs on it.</summary>
internal static class KeysVerb
{
    private static readonly Option<string?> NewRootFile = new("--new-root-file") { Description = "File with the new root key: a root key file, or 32 bytes in Base64." };

    private static readonly Option<string?> NewRootVariable = new("--new-root-env") { Description = "Environment variable with the new root key in Base64." };

    public static Command Create()
    {
        var rotate = new Command("rotate", "Makes a new root key and new account keys, and wraps all keys anew. Sealed data stay as they are. Killed or stopped, it goes on when run again.")
        {
            NewRootFile,
            NewRootVariable,
        };
        rotate.SetAction(RotateAsync);
        var show = new Command("show", "Counts the keys by kind and version. Shows no key.");
        show.SetAction(Show);
        return new Command("keys", "The key store.") { rotate, show };
    }

    private static async Task<int> RotateAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using var host = OfflineHost.Build(parsed);
        var given = GivenRoot(parsed);
        var rotation = new KeyRotation(
            host.Services.GetRequiredService<DataLayout>(),
            host.Services.GetRequiredService<IOptions<CustodiaOptions>>().Value.Keys,
            host.Services.GetRequiredService<TimeProvider>());
        var outcome = await AnsiConsole.Progress().StartAsync(context => RunAsync(rotation, given, context, cancellation));
        AnsiConsole.MarkupLineInterpolated($"Root key {outcome.OldRoot} is replaced by {outcome.NewRoot}; {outcome.Rewrapped} keys are wrapped anew.");
        if (outcome.File is { } file) AnsiConsole.MarkupLineInterpolated($"The new root key lies in {file}. Copy it to where you keep the old one.");
        else AnsiConsole.MarkupLineInterpolated($"Put the new root key into {rotation.SourceDescription} before the next start.");
        return 0;
    }

    private static async Task<RotationOutcome> RunAsync(KeyRotation rotation, RootKey? given, ProgressContext context, CancellationToken cancellation)
    {
        var bar = context.AddTask("Wrapping keys");
        var outcome = await rotation.RunAsync(
            given,
            progress =>
            {
                bar.MaxValue = Math.Max(1, progress.Total);
                bar.Value = progress.Done;
            },
            cancellation);
        bar.Value = bar.MaxValue;
        return outcome;
    }

    private static RootKey? GivenRoot(ParseResult parsed)
    {
        var (file, variable) = (parsed.GetValue(NewRootFile), parsed.GetValue(NewRootVariable));
        if (file is not null && variable is not null)
            throw new StartRefusedException(StartRefusedException.Configuration, "Give --new-root-file or --new-root-env, not both.");
        if (file is not null) return RootKeyFile.ReadSingle(file);
        if (variable is null) return null;
        return RootKey.FromBase64((Environment.GetEnvironmentVariable(variable) ?? "").Trim())
            ?? throw new StartRefusedException(StartRefusedException.Configuration, $"The environment variable {variable} is not 32 bytes in Base64.");
    }

    private static int Show(ParseResult parsed)
    {
        using var host = OfflineHost.Build(parsed);
        var layout = host.Services.GetRequiredService<DataLayout>();
        if (!File.Exists(Path.Combine(layout.Keys, KeyStore.FileName)))
            throw new StartRefusedException(StartRefusedException.Configuration, $"There is no key store in '{layout.Keys}'.");
        using var store = KeyStore.Open(layout.Keys);
        if (!store.HasSchema()) throw new StartRefusedException(StartRefusedException.Configuration, $"The key store in '{layout.Keys}' is empty.");
        var table = new Table().Border(TableBorder.Rounded).AddColumns("kind", "version", "keys", "destroyed");
        foreach (var count in store.CountKeys()) table.AddRow(count.Kind, $"{count.Version}", $"{count.Present}", $"{count.Destroyed}");
        AnsiConsole.Write(table);
        foreach (var root in store.Roots()) AnsiConsole.MarkupLineInterpolated($"Root key {root.Id}{(root.Handover is null ? "" : ", rotation not finished")}");
        return 0;
    }
}
