using Custodia.Kernel.Hosting;
using Microsoft.Data.Sqlite;

namespace Custodia.Kernel.Vault;

/// <summary>
/// Opens the key store at start, or refuses. A new root key and a new store are made on the very first start only: when there is
/// neither a root key, nor a store, nor any data.
/// </summary>
internal sealed class KeyStoreStart(DataLayout layout, RootKeys roots, TimeProvider time)
{
    /// <exception cref="RootKeyException">Says what is wrong and where it looked.</exception>
    public KeyStore Open()
    {
        try
        {
            return OpenChecked();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RootKeyException(RootKeyFault.Unreadable, $"The key folder '{layout.Keys}' cannot be read or written: {failure.GetType().Name}.");
        }
        catch (SqliteException failure)
        {
            throw new RootKeyException(
                RootKeyFault.Unreadable,
                $"The key store '{Path.Combine(layout.Keys, KeyStore.FileName)}' cannot be opened (SQLite error {failure.SqliteErrorCode}). Put a sound copy back; no new keys are made over existing data.");
        }
    }

    private KeyStore OpenChecked()
    {
        CreateFolder(layout.Root);
        CreateFolder(layout.Keys);
        var fresh = !File.Exists(Path.Combine(layout.Keys, KeyStore.FileName));
        if (fresh && HasData()) throw StoreMissing();
        var given = roots.Source.Load();
        if (fresh && given is null) given = MakeFile();
        var store = KeyStore.Open(layout.Keys);
        try
        {
            Check(store, given);
            store.Truncate();
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private void Check(KeyStore store, IReadOnlyList<RootKey>? given)
    {
        // A kill between making the file and filling it leaves an empty store; it was filled in one transaction.
        if (!store.HasSchema())
        {
            if (HasData()) throw StoreMissing();
            Fill(store, given ?? MakeFile());
        }

        if (given is null && !File.Exists(roots.Source.File)) throw Missing();
        given ??= roots.Source.Load()!;
        var rows = store.Roots();
        var ours = given.Where(root => rows.Exists(row => RootKeys.Verifies(root, row))).ToList();
        if (ours.Count == 0) throw Foreign(given, rows);
        foreach (var root in ours) roots.Add(root);
        roots.Learn(store);
        if (roots.Source.File is { } file && rows.Count == 1 && given.Count > 1) Trim(file, ours[0]);
    }

    private void Fill(KeyStore store, IReadOnlyList<RootKey> given)
    {
        using var transaction = store.Begin();
        store.CreateSchema();
        if (store.Roots().Count == 0) store.AddRoot(RootKeys.Row(given[^1], handover: null), time.GetUtcNow());
        transaction.Commit();
    }

    private IReadOnlyList<RootKey> MakeFile()
    {
        var path = roots.Source.File!;
        CreateFolder(Path.GetDirectoryName(path)!);
        var root = RootKey.New();

        // Two first starts at once: the file of the faster one counts.
        return RootKeyFile.Write(path, RootKeyFile.Format(root), overwrite: false) ? [root] : RootKeyFile.Read(path);
    }

    /// <summary>A rotation that was killed after its last batch leaves the old key in the file.</summary>
    private static void Trim(string file, RootKey current)
    {
        try
        {
            RootKeyFile.Write(file, RootKeyFile.Format(current), overwrite: true);
        }
        catch (RootKeyException)
        {
            // A read-only place: the operator removes the line.
        }
    }

    private bool HasData() =>
        File.Exists(layout.MainDatabase)
        || new[] { layout.Main, layout.Streams, layout.Files, layout.Evidence, layout.Checkpoints }
            .Any(folder => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any());

    private RootKeyException StoreMissing() => new(
        RootKeyFault.StoreMissing,
        $"There are data in '{layout.Root}', but no key store in '{layout.Keys}'. Put the key folder back; no new keys are made over existing data.");

    private RootKeyException Missing() => new(
        RootKeyFault.Missing,
        $"The root key is missing: looked for {roots.Source.Description}. The key store '{Path.Combine(layout.Keys, KeyStore.FileName)}' exists, so no new key is made. Put the root key back.");

    private RootKeyException Foreign(IReadOnlyList<RootKey> given, List<RootRow> rows) => new(
        RootKeyFault.Foreign,
        $"The root key is the wrong one: {roots.Source.Description} holds key {string.Join(", ", given.Select(root => root.Id))}, but the key store '{Path.Combine(layout.Keys, KeyStore.FileName)}' was made with key {string.Join(" and ", rows.Select(row => row.Id))}. Put the right root key back.");

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
