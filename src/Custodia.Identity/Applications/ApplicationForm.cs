using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Protocol;

namespace Custodia.Identity.Applications;

internal sealed record ApplicationsModel(IReadOnlyList<ApplicationView> Items, string? Older, bool MayWrite);

internal sealed record NewApplicationModel(FormState Form, IReadOnlyList<Choice> Directories);

internal sealed record ApplicationPageModel(ApplicationView Application, FormState Form, bool MayWrite, bool DemandsSecondFactor);

/// <param name="Secret">Shown on this page and never again.</param>
internal sealed record SecretModel(ApplicationView Application, string Secret)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => "(secret)";
}

/// <summary>Settings of an application as a form: lists are one entry a line.</summary>
internal static class ApplicationForm
{
    public static FormState Of(ApplicationSettings settings) => new(
    [
        new("name", settings.Name),
        new("enabled", settings.Enabled == true ? "true" : ""),
        new("redirectUris", Lines(settings.RedirectUris)),
        new("postLogoutUris", Lines(settings.PostLogoutUris)),
        new("scopes", Lines(settings.Scopes)),
        new("permissions", Lines(settings.Permissions)),
        new("resources", Lines(settings.Resources)),
        new("consentRequired", settings.ConsentRequired == true ? "true" : ""),
        new("deviceGrant", settings.DeviceGrant == true ? "true" : ""),
        new("backchannelLogoutUri", settings.BackchannelLogoutUri),
        new("accessTokenSeconds", Number(settings.AccessTokenSeconds)),
        new("idTokenSeconds", Number(settings.IdTokenSeconds)),
        new("refreshIdleDays", Number(settings.RefreshIdleDays)),
        new("refreshDays", Number(settings.RefreshDays)),
        new("refreshOverlapSeconds", Number(settings.RefreshOverlapSeconds)),
        new("signingAlgorithm", settings.SigningAlgorithm),
        .. ProtocolForm.Of(settings.Protocol!),
    ]);

    /// <summary>What the form says; fields it does not hold stay as they are, numbers that are none fail by range.</summary>
    public static ApplicationSettings Read(FormState form, ApplicationKind kind) => new(
        form["name"],
        form.Has("accessTokenSeconds") ? form.Ticked("enabled") : null,
        List(form, "redirectUris"),
        List(form, "postLogoutUris"),
        List(form, "scopes"),
        List(form, "permissions"),
        List(form, "resources"),
        kind == ApplicationKind.M2m ? null : form.Ticked("consentRequired"),
        kind is ApplicationKind.Web or ApplicationKind.Native ? form.Ticked("deviceGrant") : null,
        form.Has("backchannelLogoutUri") ? form["backchannelLogoutUri"].Trim() : null,
        Number(form, "accessTokenSeconds"),
        Number(form, "idTokenSeconds"),
        Number(form, "refreshIdleDays"),
        Number(form, "refreshDays"),
        Number(form, "refreshOverlapSeconds"),
        form.Has("signingAlgorithm") ? form["signingAlgorithm"] : null)
    {
        Protocol = ProtocolForm.Read(form),
    };

    public static void Explain(FormState form, ApplicationOutcome outcome)
    {
        if (outcome is not ApplicationOutcome.Invalid invalid) form.Fail(ProtocolTexts.Of("ApplicationGone"));
        else foreach (var (field, rule) in invalid.Findings) form.Fail(field, ProtocolTexts.Of("FieldRule", rule));
    }

    private static string[]? List(FormState form, string name) =>
        form.Has(name) ? form[name].Split(['\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : null;

    private static int? Number(FormState form, string name) =>
        !form.Has(name) ? null : int.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Lines(IReadOnlyList<string>? values) => string.Join('\n', values ?? []);
}
