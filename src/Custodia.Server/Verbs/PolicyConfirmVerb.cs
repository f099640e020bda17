using System.CommandLine;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia policy confirm --by NAME</c>: a named person puts the loaded policy into force. A running server takes it over by itself.</summary>
internal static class PolicyConfirmVerb
{
    private static readonly Option<string> By = new("--by") { Description = "Who confirms: the person's name, kept with the policy in force.", Required = true };

    public static Command Create()
    {
        var confirm = new Command("confirm", "Puts a policy that deletes sooner into force, in a person's name.") { By };
        By.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>()?.Trim() is not { Length: >= 2 and <= 100 }) result.AddError("--by must be a name of 2 to 100 characters.");
        });
        confirm.SetAction(ConfirmAsync);
        return confirm;
    }

    private static async Task<int> ConfirmAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using var host = await OfflineHost.StartAsync(parsed, StartOrder.DataLayout, cancellation);
        var policy = host.Services.GetRequiredService<PolicyInForce>();
        foreach (var change in policy.Confirm(parsed.GetValue(By)!.Trim())) await System.Console.Out.WriteLineAsync($"  {change}");
        await System.Console.Out.WriteLineAsync($"Policy {policy.Loaded.Version} ({policy.Loaded.Sha256}) is in force, confirmed by {policy.Confirmation.ConfirmedBy}.");
        return 0;
    }
}
