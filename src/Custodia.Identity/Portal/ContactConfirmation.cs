using Custodia.Console;
using Custodia.Identity.Logs;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Portal;

/// <summary>The last step of a new address or number: the code that was sent to it.</summary>
/// <param name="Page">Where the code is posted, below the portal's home.</param>
/// <param name="Done">Where the person goes afterwards, below the portal's home.</param>
/// <param name="Result">What the person's operation log says then.</param>
/// <param name="Redeem">Takes the code and changes the contact; false when it is not right.</param>
internal sealed record ContactConfirmation(string Page, string Done, string Result, Func<LiveSession, Guid, string, CancellationToken, Task<bool>> Redeem)
{
    public async Task<IResult> RunAsync(HttpContext http, IFormCollection posted, SignInGuard guard, UserOperations operations, CancellationToken cancellation)
    {
        var live = http.Live();
        var home = $"/account/{live.Directory.Name}";
        var form = new FormState(posted);
        _ = Guid.TryParse(form["id"], out var id);
        if (guard.TakeAddress(http.Facts().ClientIp) is { } wait)
        {
            await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.SignInThrottled, cancellation);
            SignInEndpoints.Explain(http, form, new SignInOutcome.Throttled(wait), "CodeRefused");
        }
        else if (await Redeem(live, id, form["code"], cancellation))
        {
            guard.SucceededFrom(http.Facts().ClientIp);
            await operations.RecordAsync(http, live.Directory, live.User.Id, Result, cancellation);
            return new SeeOther(home + Done);
        }
        else
        {
            await operations.RecordAsync(http, live.Directory, live.User.Id, OperationResult.CodeRefused, cancellation);
            form.Fail("code", Texts.Of("CodeRefused"));
        }

        return View.Show<CodePage>(SignInEndpoints.StatusOf(form, http), new CodeForm($"{home}/{Page}", id, form, null));
    }
}
