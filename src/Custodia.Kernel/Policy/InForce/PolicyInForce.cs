using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy.InForce;

namespace Custodia.Kernel.Policy;

/// <summary>
/// The policy that retention goes by. A loaded policy that deletes more or earlier than the one in force waits until a named
/// person confirms it; until then retention goes by the longer of both. The confirmation may come from another process
/// (<c>custodia policy confirm</c>) while the server runs.
/// </summary>
public sealed class PolicyInForce
{
    private readonly ConfirmationStore _store;
    private readonly PolicySource _source;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private State? _state;

    internal PolicyInForce(ConfirmationStore store, PolicySource source, TimeProvider time)
    {
        _store = store;
        _source = source;
        _time = time;
    }

    /// <summary>What the files say; what is published, sealed and shown goes by it.</summary>
    public LoadedPolicy Loaded => _source.Policy;

    /// <summary>What retention goes by: the loaded policy, or the longer of both while it waits.</summary>
    public LoadedPolicy ForRetention => Now.ForRetention;

    /// <summary>Changes of the loaded policy that wait for a confirmation; empty when it is in force.</summary>
    public IReadOnlyList<PolicyChange> Waiting => Now.Waiting;

    /// <summary>Which policy is in force, and who confirmed it.</summary>
    public PolicyConfirmation Confirmation => Now.Confirmation;

    /// <summary>A named person puts the loaded policy into force.</summary>
    /// <returns>The changes that they confirmed.</returns>
    public IReadOnlyList<PolicyChange> Confirm(string by)
    {
        lock (_lock)
        {
            var waiting = WaitingOrUnknown();
            Adopt(by);
            return waiting;
        }
    }

    private State Now
    {
        get
        {
            lock (_lock)
            {
                var stamp = _store.Stamp;
                if (_state is null || _state.Stamp != stamp) _state = Read();
                return _state;
            }
        }
    }

    // A record of the policy in force that cannot be read is what a confirmation by name mends.
    private IReadOnlyList<PolicyChange> WaitingOrUnknown()
    {
        try
        {
            return Now.Waiting;
        }
        catch (PolicyException)
        {
            return [];
        }
    }

    private State Read()
    {
        var confirmation = _store.Read();
        if (confirmation is null) return Adopt("first start");
        if (confirmation.Sha256 == Loaded.Sha256) return new State(_store.Stamp, confirmation, Loaded, []);
        var inForce = _store.ReadPolicy(confirmation);
        var sooner = PolicyDiff.Of(inForce, Loaded).Where(c => c.DeletesSooner).ToArray();
        return sooner.Length == 0
            ? Adopt("nothing is deleted sooner")
            : new State(_store.Stamp, confirmation, CautiousPolicy.Of(inForce, Loaded), sooner);
    }

    private State Adopt(string by)
    {
        var confirmation = new PolicyConfirmation(Loaded.Sha256, Loaded.Version, by, _time.GetUtcNow());
        _store.Write(confirmation, _source.Files);
        return _state = new State(_store.Stamp, confirmation, Loaded, []);
    }

    private sealed record State(DateTime Stamp, PolicyConfirmation Confirmation, LoadedPolicy ForRetention, IReadOnlyList<PolicyChange> Waiting);
}

/// <summary>The policy files as this process has read them.</summary>
internal sealed record PolicySource(IReadOnlyList<PolicyFile> Files, LoadedPolicy Policy)
{
    /// <exception cref="PolicyException">The files have findings.</exception>
    public static PolicySource Load(CustodiaOptions options) => Load(DirectoryOf(options));

    public static PolicySource Load(string directory)
    {
        if (!Directory.Exists(directory)) throw new PolicyException([new PolicyFinding(directory, "", "there is no such policy folder.")]);
        var files = PolicyFile.ReadAll(directory);
        var reading = PolicyLoader.Read(files);
        return new PolicySource(files, reading.Policy ?? throw new PolicyException(reading.Findings));
    }

    public static string DirectoryOf(CustodiaOptions options) => options.PolicyDirectory ?? Path.Combine(AppContext.BaseDirectory, "policy");
}
