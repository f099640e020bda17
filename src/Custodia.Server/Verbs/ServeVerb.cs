using System.CommandLine;
using Custodia.Kernel.Hosting;

namespace Custodia.Server.Verbs;

/// <summary><c>custodia serve</c>: starts the server; what one gets without a verb, too.</summary>
internal static class ServeVerb
{
    private static readonly string[] Asking = ["-h", "--help", "-?", "--version"];

    /// <summary>For the help text; <see cref="CommandLine"/> starts the server before the line is parsed, because all its options are settings.</summary>
    public static Command Create() => new("serve", "Starts the server (default). Options are settings, e.g. --urls http://127.0.0.1:8080.");

    public static bool IsMeant(string[] args) =>
        args is [] || (args[0] == "serve" && !args.Any(Asking.Contains)) || (args[0].StartsWith('-') && !Asking.Contains(args[0]));

    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = CustodiaApp.Build([.. args.SkipWhile(a => a == "serve")]);
        try
        {
            await CustodiaApp.PrepareAsync(app);
            await app.RunAsync();
            return 0;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Stopped while it was starting.
            return 0;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new ConfigurationException("urls", "the address is in use.", e);
        }
    }
}
