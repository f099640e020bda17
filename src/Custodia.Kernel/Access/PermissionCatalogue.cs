using System.Collections.Frozen;
using Custodia.Kernel.Hosting;

namespace Custodia.Kernel.Access;

/// <summary>All permissions that the modules registered, and what each role may.</summary>
public sealed class PermissionCatalogue
{
    private readonly FrozenDictionary<string, FrozenSet<string>> _byRole;

    public PermissionCatalogue(DataCatalogue catalogue)
    {
        All = catalogue.Permissions.Select(p => p.Id).ToFrozenSet(StringComparer.Ordinal);
        _byRole = Role.All.ToFrozenDictionary(
            role => role,
            role => catalogue.Permissions.Where(p => p.Roles.Contains(role, StringComparer.Ordinal)).Select(p => p.Id).ToFrozenSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    /// <summary>Every permission: what the first administrator's application has.</summary>
    public FrozenSet<string> All { get; }

    /// <summary>What somebody with these roles may. Unknown roles give nothing.</summary>
    public FrozenSet<string> Of(IReadOnlyCollection<string> roles)
    {
        if (roles.Count == 1 && _byRole.TryGetValue(roles.First(), out var single)) return single;
        return roles.SelectMany(r => _byRole.GetValueOrDefault(r, FrozenSet<string>.Empty)).ToFrozenSet(StringComparer.Ordinal);
    }
}
