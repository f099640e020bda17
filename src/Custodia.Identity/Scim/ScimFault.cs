namespace Custodia.Identity.Scim;

/// <summary>
/// A request that SCIM answers with an error (RFC 7644, section 3.12). Thrown, because filters and paths are read by a recursive grammar;
/// one endpoint filter writes it.
/// </summary>
internal sealed class ScimFault(int status, string? type, string detail) : Exception(detail)
{
    public int Status => status;

    /// <summary>The standard's <c>scimType</c>; null where it names none.</summary>
    public string? Type => type;

    public static ScimFault InvalidFilter(string detail) => new(400, "invalidFilter", detail);

    public static ScimFault InvalidPath(string detail) => new(400, "invalidPath", detail);

    public static ScimFault InvalidValue(string detail) => new(400, "invalidValue", detail);

    public static ScimFault InvalidSyntax(string detail) => new(400, "invalidSyntax", detail);

    public static ScimFault NoTarget(string detail) => new(400, "noTarget", detail);

    public static ScimFault Mutability(string detail) => new(400, "mutability", detail);

    public static ScimFault Uniqueness(string detail) => new(409, "uniqueness", detail);

    public static ScimFault NotFound() => new(404, null, "There is no such resource.");
}
