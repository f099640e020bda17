using Custodia.Kernel.Access;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace Custodia.Console;

/// <summary>
/// Ties a form to the person whom its page was shown to. Once somebody else has signed in in the same browser, what stands in the
/// form of the one before is not taken as theirs. A form that was shown to nobody in particular is anybody's.
/// </summary>
internal sealed class FormOwner : IAntiforgeryAdditionalDataProvider
{
    public string GetAdditionalData(HttpContext context) => context.TryCaller()?.Person?.ToString("N") ?? "";

    // Without a person the endpoint asks for a sign-in, or is open to anyone.
    public bool ValidateAdditionalData(HttpContext context, string additionalData) =>
        additionalData.Length == 0 || GetAdditionalData(context) is not { Length: > 0 } person || person == additionalData;
}
