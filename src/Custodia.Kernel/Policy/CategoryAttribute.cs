namespace Custodia.Kernel.Policy;

/// <summary>Binds every stored property of an entity, log record or event to a category of the policy.</summary>
/// <param name="id">Category id, e.g. <c>identity.user-profile</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class CategoryAttribute(string id) : Attribute
{
    public string Id { get; } = id;
}

/// <summary>
/// Names the policy field of a property where it differs from the property's own name in kebab-case
/// (<c>CreatedAt</c> is <c>created-at</c>), or takes it from another category than the class.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class FieldAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    /// <summary>Category id; default: the category of the class.</summary>
    public string? Category { get; init; }

    /// <summary>
    /// The property stores what the policy says at the time of writing, plain or sealed, and tells them apart when reading; so its
    /// type need not be <c>Sealed&lt;T&gt;</c> where the policy says sealed, and one policy line switches it.
    /// </summary>
    public bool Switchable { get; init; }
}
