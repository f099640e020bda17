namespace Custodia.Kernel.Policy.InForce;

/// <summary>While a stricter policy waits for its confirmation, retention goes by the longer of both.</summary>
internal static class CautiousPolicy
{
    /// <summary>
    /// The loaded policy, deleting nothing that the policy in force keeps: a trigger counts only if both have it, with the longer
    /// period; a category that was dropped stays as it was.
    /// </summary>
    public static LoadedPolicy Of(LoadedPolicy inForce, LoadedPolicy loaded) => loaded with
    {
        Services =
        [
            .. loaded.Services.Select(service => service with
            {
                Categories = [.. service.Categories.Select(c => inForce.TryCategory(c.Id, out var old) ? Longer(old!, c) : c), .. Dropped(inForce, loaded, service.Service)],
            }),
            .. inForce.Services.Where(s => loaded.Services.All(l => l.Service != s.Service)),
        ],
    };

    private static IEnumerable<PolicyCategory> Dropped(LoadedPolicy inForce, LoadedPolicy loaded, string service) =>
        inForce.Categories.Where(c => c.Service == service && !loaded.TryCategory(c.Id, out _));

    private static PolicyCategory Longer(PolicyCategory inForce, PolicyCategory loaded) => loaded with
    {
        DeleteOn = [.. loaded.DeleteOn.Select(now => Longer(inForce.DeleteOn.FirstOrDefault(t => t.Name == now.Name), now)).OfType<DeletionTrigger>()],
        Deadline = Periods.LongerOf(inForce.Deadline, loaded.Deadline),
    };

    private static DeletionTrigger? Longer(DeletionTrigger? inForce, DeletionTrigger loaded) => (inForce, loaded) switch
    {
        (DeletionTrigger.Age old, DeletionTrigger.Age now) => now with { Period = Periods.LongerOf(old.Period, now.Period) },
        (DeletionTrigger.Event old, DeletionTrigger.Event now) => now with { Within = Periods.LongerOf(old.Within, now.Within) },
        _ => null,
    };
}
