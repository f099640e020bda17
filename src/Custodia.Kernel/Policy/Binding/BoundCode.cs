using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Streams;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Policy.Binding;

/// <summary>Everything in the code that the policy must describe.</summary>
/// <param name="SubjectData">Modules that take part in the erasure of a person.</param>
internal sealed record BoundCode(
    IReadOnlyList<BoundModel> Models,
    IReadOnlyList<StreamShape> Streams,
    IReadOnlyList<EventShape> Events,
    IReadOnlyList<ShapeRegistration> Shapes,
    IReadOnlyList<BoundRule> Rules,
    IReadOnlyList<string> SubjectData)
{
    /// <summary>The services whose tables are there: their policy files are checked whole.</summary>
    public IEnumerable<string> Services => Models.Select(m => m.Module).Distinct(StringComparer.Ordinal);

    /// <summary>Takes it from the container. No database is opened.</summary>
    public static BoundCode Of(IServiceProvider services)
    {
        var catalogue = services.GetRequiredService<DataCatalogue>();
        using var scope = services.CreateScope();
        return new BoundCode(
            [.. catalogue.Contexts.Select(c => new BoundModel(c.Module, ((DbContext)scope.ServiceProvider.GetRequiredService(c.ContextType)).Model))],
            catalogue.Streams,
            catalogue.Events,
            catalogue.Shapes,
            [.. scope.ServiceProvider.GetServices<IRetentionRule>().Select(r => new BoundRule(r.Category, r.Trigger, r.GetType()))],
            [.. catalogue.SubjectData.Select(d => d.Module)]);
    }
}

internal sealed record BoundModel(string Module, IModel Model);

internal sealed record BoundRule(string Category, string Trigger, Type Type);

internal enum BoundKind
{
    Column,
    LogField,
    EventField,
    Shape,
}

/// <summary>One stored property and the policy field that its attributes name.</summary>
/// <param name="Symbol">Full name of type and property.</param>
/// <param name="Optional">Whether it may be null.</param>
/// <param name="Switchable">Whether it stores plain or sealed as the policy says at writing.</param>
internal sealed record BoundField(BoundKind Kind, string Symbol, Type Owner, Type ClrType, bool Optional, bool Switchable, string Category, string Field)
{
    public bool IsSealed => ClrType.IsGenericType && ClrType.GetGenericTypeDefinition() == typeof(Vault.Sealed<>);
}
