namespace Custodia.Kernel.Hosting;

/// <summary>What happens before the server listens, in this order. Steps of the same rank run in the order of registration.</summary>
public enum StartOrder
{
    /// <summary>The folders of the data directory, before any step is made.</summary>
    DataLayout = 100,

    /// <summary>The root key is found and fits the key store.</summary>
    RootKey = 200,

    /// <summary>The policy files are loaded and checked against the code.</summary>
    Policy = 300,

    /// <summary>The tables exist.</summary>
    Schema = 400,

    /// <summary>Logs can be written.</summary>
    Streams = 500,

    /// <summary>After a restore: erasures are done again before anything is served.</summary>
    Replay = 600,

    /// <summary>The modules create what they need at their first start.</summary>
    FirstStart = 700,
}

/// <summary>One step of the start. Throws <see cref="StartRefusedException"/> when the server must not start.</summary>
public interface IStartStep
{
    StartOrder Order { get; }

    Task RunAsync(CancellationToken cancellation);
}

/// <summary>
/// What a module creates at the first start. Called at every start, in the order of the modules (Identity first), before the server
/// listens. An implementation looks whether its work is done already, so that an interrupted first start is finished by the next.
/// </summary>
public interface IFirstStart
{
    Task RunAsync(FirstStart start, CancellationToken cancellation);
}

/// <summary>What the modules share at the first start.</summary>
public sealed class FirstStart(bool sampleContent)
{
    /// <summary>Whether to create sample content: in Development, unless <c>Custodia:SampleContent</c> says otherwise.</summary>
    public bool SampleContent { get; } = sampleContent;

    /// <summary>The first account's <c>uin</c>; set by Identity, at every start.</summary>
    public long Account { get; set; }

    /// <summary>The services that the first account has open; set by Identity, at every start. What it has ended gets nothing new.</summary>
    public IReadOnlyList<string> Services { get; set; } = [];

    /// <summary>The person who owns the first account; set by Identity, at every start.</summary>
    public Guid Owner { get; set; }

    /// <summary>
    /// The sample people by user name. Filled by Identity at the one start that creates them, so what other modules add about them is
    /// added once, and stays away when it was deleted.
    /// </summary>
    public Dictionary<string, SamplePerson> SamplePeople { get; } = new(StringComparer.Ordinal);
}

/// <param name="Directory">Name of the person's directory.</param>
public sealed record SamplePerson(Guid Id, string Directory);
