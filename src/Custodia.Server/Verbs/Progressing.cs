using Custodia.Kernel.Backup;
using Spectre.Console;

namespace Custodia.Server.Verbs;

/// <summary>Shows what a long verb is at: a spinner on a terminal, nothing in a pipe.</summary>
internal static class Progressing
{
    public static async Task<int> RunAsync(Func<IProgress<string>, Task> work)
    {
        try
        {
            await AnsiConsole.Status().StartAsync("…", status => work(new Shown(status)));
            return 0;
        }
        catch (BackupException exception)
        {
            await System.Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private sealed class Shown(StatusContext status) : IProgress<string>
    {
        public void Report(string value) => status.Status(Markup.Escape(value));
    }
}
