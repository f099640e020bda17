using Custodia.Kernel.Access;

namespace Custodia.Integration;

/// <summary>What staff and applications may do here.</summary>
internal static class Permissions
{
    public const string ReadFlows = "integration.flows.read";
    public const string WriteFlows = "integration.flows.write";
    public const string DeployFlows = "integration.flows.deploy";
    public const string InvokeFlows = "integration.flows.invoke";
    public const string ReadJobs = "integration.jobs.read";
    public const string WriteJobs = "integration.jobs.write";

    public static Permission[] All { get; } =
    [
        new(ReadFlows, Role.Owner, Role.Administrator, Role.Developer, Role.Auditor),
        new(WriteFlows, Role.Owner, Role.Administrator, Role.Developer),
        new(DeployFlows, Role.Owner, Role.Administrator, Role.Developer),
        new(InvokeFlows, Role.Owner, Role.Administrator, Role.Developer),
        new(ReadJobs, Role.Owner, Role.Administrator, Role.Developer, Role.Auditor),
        new(WriteJobs, Role.Owner, Role.Administrator, Role.Developer),
    ];
}
