using Custodia.Console;
using Custodia.Identity.AgeGates;
using Custodia.Identity.Directories;
using Custodia.Identity.Registration;
using Custodia.Identity.Users;
using Custodia.Kernel.Http;
using Custodia.Kernel.Storage;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.SignUp;

/// <summary>Who may come in: whether the directory and its account take people, and whether somebody is old enough.</summary>
internal sealed class SignUpEntry(RegistrationForms forms, AccountServices services, AgeCheck age)
{
    /// <summary>What is asked of somebody who comes by themselves; null while nobody may.</summary>
    public async Task<RegistrationForm?> OpenAsync(Directory directory, CancellationToken cancellation) =>
        directory.SignUp == SignUpMode.Open && await services.IsOpenAsync(directory.Account, AccountServices.Identity, cancellation)
            ? await forms.OfAsync(directory, cancellation)
            : null;

    /// <summary>What is asked of somebody who was invited; null while nobody may.</summary>
    public async Task<RegistrationForm?> InvitedAsync(Directory directory, CancellationToken cancellation) =>
        directory.SignUp != SignUpMode.Closed && await services.IsOpenAsync(directory.Account, AccountServices.Identity, cancellation)
            ? await forms.OfAsync(directory, cancellation)
            : null;

    /// <summary>
    /// The refusal of an age gate; null when there is none or it lets the person through. Looked at before anything else of the form, so
    /// that what else is wrong with it tells nothing.
    /// </summary>
    public async Task<IResult?> RefusalAsync(HttpContext http, RegistrationForm asked, FormState form, CancellationToken cancellation)
    {
        if (asked.Gate is not { } gate) return null;
        if (AgeCheck.WasRefused(http, asked.Directory)) return Refused(asked.Directory);
        if (!age.IsTooYoung(gate, form[UserField.BirthDate.Name], form[SignUpForm.Country], http.Facts().ClientIp)) return null;
        await age.RefuseAsync(http, asked.Directory, cancellation);
        return Refused(asked.Directory);
    }

    /// <summary>The page for a browser that was refused a short while ago; null for any other.</summary>
    public static IResult? RefusedBefore(HttpContext http, RegistrationForm? asked) =>
        asked?.Gate is not null && AgeCheck.WasRefused(http, asked.Directory) ? Refused(asked.Directory) : null;

    private static IResult Refused(Directory directory) =>
        View.Show<NotPossiblePage>(StatusCodes.Status403Forbidden, directory);
}
