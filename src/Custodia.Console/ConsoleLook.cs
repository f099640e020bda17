using System.Text.Unicode;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Custodia.Console;

/// <summary>Registers the shared look.</summary>
public static class ConsoleLook
{
    /// <summary>
    /// Adds static rendering of Razor components, antiforgery with our cookie, the known notices and the error pages for
    /// browsers. Error pages take part in ASP.NET Core's problem details: whatever answers with a problem document
    /// answers a browser with a page instead.
    /// </summary>
    /// <example><code>
    /// builder.Services.AddConsoleLook();
    /// …
    /// app.UseSecurityHeaders();
    /// app.UseExceptionHandler();
    /// app.UseStatusCodePages();
    /// app.UseConsoleLocalization();
    /// app.UseAntiforgery();
    /// app.MapConsoleAssets();
    /// </code></example>
    public static IServiceCollection AddConsoleLook(this IServiceCollection services)
    {
        services.AddRazorComponents();
        // Chinese text stays text: the default encoder would write each character as a numeric reference.
        services.AddWebEncoders(options => options.TextEncoderSettings = new(UnicodeRanges.All));
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "custodia_form";
            options.Cookie.HttpOnly = true;
            // Lax, not Strict: a sign-in that another site starts must keep the cookie of an already open form.
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.FormFieldName = AntiforgeryField.FieldName;
            options.HeaderName = "X-Form-Token";
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddSingleton<IAntiforgeryAdditionalDataProvider, FormOwner>();
        services.AddProblemDetails();
        // First, because the framework's own writer takes every request that also accepts */*, as browsers do.
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, ProblemPageWriter>());
        foreach (var code in NoticeText.CommonCodes)
            services.AddSingleton(new NoticeText(code, () => Texts.Of("Note_" + code)));
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }
}
