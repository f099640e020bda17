using Custodia.Console;

namespace Custodia.Identity.Sources;

/// <summary>Settings of a source as a form.</summary>
internal static class SourceForm
{
    public static FormState Of(SourceSettings settings) => new(
    [
        new("title", settings.Title),
        new("enabled", settings.Enabled == true ? "true" : ""),
        new("issuer", settings.Issuer),
        new("authorizationEndpoint", settings.AuthorizationEndpoint),
        new("tokenEndpoint", settings.TokenEndpoint),
        new("userinfoEndpoint", settings.UserinfoEndpoint),
        new("clientId", settings.ClientId),
        new("scopes", string.Join(' ', settings.Scopes ?? [])),
        new("subjectClaim", settings.SubjectClaim),
        new("emailClaim", settings.EmailClaim),
        new("nameClaim", settings.NameClaim),
        new("trustsEmail", settings.TrustsEmail == true ? "true" : ""),
        new("signUp", settings.SignUp == true ? "true" : ""),
    ]);

    public static SourceSettings Read(FormState form, SourceKind kind) => Fill(new SourceSettings(), form, kind);

    public static NewSource ReadNew(FormState form, SourceKind kind) => Fill(new NewSource(form["name"], kind), form, kind);

    /// <summary>Marks what is wrong.</summary>
    public static void Explain(FormState form, SourceOutcome outcome)
    {
        if (outcome is SourceOutcome.Taken) form.Fail("name", Texts.Rule("taken"));
        if (outcome is not SourceOutcome.Invalid invalid) return;
        foreach (var (field, rule) in invalid.Findings.All) form.Fail(field, SourceTexts.Rule(rule));
    }

    // A secret that is left empty stays; it is taken away by the API alone.
    private static T Fill<T>(T settings, FormState form, SourceKind kind)
        where T : SourceSettings => settings with
        {
            Title = form["title"],
            Enabled = form.Ticked("enabled"),
            Issuer = kind == SourceKind.OpenIdConnect ? form["issuer"] : null,
            AuthorizationEndpoint = kind == SourceKind.OAuth2 ? form["authorizationEndpoint"] : null,
            TokenEndpoint = kind == SourceKind.OAuth2 ? form["tokenEndpoint"] : null,
            UserinfoEndpoint = kind == SourceKind.OAuth2 ? form["userinfoEndpoint"] : null,
            ClientId = form["clientId"],
            ClientSecret = form.Exact("clientSecret") is { Length: > 0 } secret ? secret : null,
            Scopes = form["scopes"].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            SubjectClaim = kind == SourceKind.OAuth2 ? form["subjectClaim"] : null,
            EmailClaim = form["emailClaim"],
            NameClaim = form["nameClaim"],
            TrustsEmail = form.Ticked("trustsEmail"),
            SignUp = form.Ticked("signUp"),
        };
}
