namespace Custodia.Kernel.Access;

/// <summary>What every member of staff may do.</summary>
public static class StaffAccess
{
    /// <summary>Open the console; what is seen there has permissions and whitelists of its own.</summary>
    public const string Console = "console.use";
}
