using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.Directories;
using Custodia.Identity.SignIn;
using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Rules;

/// <summary><c>/console/directories/{name}/sign-in</c>.</summary>
internal static class SignInRulesPages
{
    public static void MapSignInRulesPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/console/directories/{name}/sign-in").ExcludeFromDescription();
        pages.MapGet("", ShowAsync).RequirePermission(Permissions.DirectoriesRead);
        pages.MapPost("", SaveAsync).RequirePermission(Permissions.DirectoriesWrite, "directories.sign-in");
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string name, UserQueries queries, SignInRuleStore store, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var rules = await store.OfAsync(directory, cancellation);
        return View.Show<SignInRulesPage>(new SignInRulesModel(directory, rules, FormOf(rules), http.Caller().Can(Permissions.DirectoriesWrite)));
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http, string name, [FromForm] IFormCollection posted, UserQueries queries, SignInRuleStore store, CancellationToken cancellation)
    {
        if (await queries.DirectoryAsync(http.Caller().Account, name, cancellation) is not { } directory) return Problem.NotFound("directory");
        var form = new FormState(posted);
        var change = Read(form);
        foreach (var (field, rule) in change.Check().All) form.Fail(field, SignInTexts.Of("Rule_" + rule));
        if (!form.IsValid) return View.Invalid<SignInRulesPage>(new SignInRulesModel(directory, await store.OfAsync(directory, cancellation), form, true));
        await store.ChangeAsync(directory, change.Apply, cancellation);
        return new SeeOther($"/console/directories/{name}/sign-in?note=saved");
    }

    private static SignInRulesChange Read(FormState form) => new()
    {
        SecondFactor = Enum.TryParse<SecondFactorRule>(form["secondFactor"], out var rule) && Enum.IsDefined(rule) ? rule : null,
        RiskNewDevice = form.Ticked("riskNewDevice"),
        RiskNewCountry = form.Ticked("riskNewCountry"),
        RememberDays = Number(form, "rememberDays"),
        Ways = form.All("ways"),
        NewDeviceNotice = form.Ticked("newDeviceNotice"),
        SmsPerNumber = Number(form, "smsPerNumber"),
        SmsPerAddress = Number(form, "smsPerAddress"),
        SmsPerCountry = Number(form, "smsPerCountry"),
        SmsCountries = form["smsCountries"].Split([' ', ',', '+'], StringSplitOptions.RemoveEmptyEntries),
    };

    // -1 is out of every range, so the check names the field.
    private static int Number(FormState form, string field) =>
        int.TryParse(form[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static FormState FormOf(SignInRules rules) => new(
    [
        new("secondFactor", rules.SecondFactor.ToString()),
        new("rememberDays", rules.RememberDays.ToString(CultureInfo.InvariantCulture)),
        new("smsPerNumber", rules.SmsPerNumber.ToString(CultureInfo.InvariantCulture)),
        new("smsPerAddress", rules.SmsPerAddress.ToString(CultureInfo.InvariantCulture)),
        new("smsPerCountry", rules.SmsPerCountry.ToString(CultureInfo.InvariantCulture)),
        new("smsCountries", rules.SmsCountries),
    ]);
}

internal sealed record SignInRulesModel(Directory Directory, SignInRules Rules, FormState Form, bool MayWrite);
