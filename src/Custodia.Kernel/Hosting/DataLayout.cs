using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Hosting;

/// <summary>
/// Where things lie. The folders are the policy's storages, so that a backup can take exactly what the policy calls backed up:
/// <code>
/// data/
///   main/custodia.db            storage "main-store" (and "relational-store")
///   main/streams/CATEGORY/DAY   logs the policy keeps in the main store
///   streams/CATEGORY/DAY        storages "log-stream", "audit-stream", "log-store"
///   files/                      attachments, spilled payloads
///   evidence/ checkpoints/      signed proofs
///   policy/                     which policy is in force, and a copy of its files
///   keys/                       the key store (default place; never in a backup)
/// </code>
/// </summary>
public sealed class DataLayout
{
    public DataLayout(IOptions<CustodiaOptions> options)
        : this(options.Value)
    {
    }

    public DataLayout(CustodiaOptions options)
    {
        Root = Path.GetFullPath(options.DataDirectory);
        Keys = Path.GetFullPath(options.Keys.Directory ?? Path.Combine(Root, "keys"));
    }

    public string Root { get; }

    public string Keys { get; }

    public string Main => Path.Combine(Root, "main");

    public string MainDatabase => Path.Combine(Main, "custodia.db");

    public string MainStreams => Path.Combine(Main, "streams");

    public string Streams => Path.Combine(Root, "streams");

    public string Files => Path.Combine(Root, "files");

    public string Evidence => Path.Combine(Root, "evidence");

    public string Policy => Path.Combine(Root, "policy");

    public string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary>Creates the folders; they and what will lie in them are readable by the owner only.</summary>
    public void Create()
    {
        PrivateFiles.FromNowOn();
        foreach (var folder in new[] { Root, Keys, Main, MainStreams, Streams, Files, Evidence, Checkpoints, Policy }) PrivateFiles.Folder(folder);
    }
}
