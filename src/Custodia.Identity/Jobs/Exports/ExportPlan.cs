using Custodia.Identity.Users;

namespace Custodia.Identity.Jobs.Exports;

/// <summary>Which users leave, and what of them.</summary>
/// <param name="Fields">Policy names of profile fields, opened one by one on the record of reveals.</param>
/// <param name="Revealed">Whether values leave as they are; else as masks.</param>
/// <param name="Purpose">A use of <c>identity.user-profile</c>; only for revealed values.</param>
internal sealed record ExportPlan(IReadOnlyList<string> Fields, bool Revealed, string Purpose, UserSelection Users);
