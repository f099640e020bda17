using System.Diagnostics;
using System.Text;

namespace Custodia.Kernel.Vault;

/// <summary>
/// Runs the command that prints the root key. The text is split at blanks, with single and double quotes as in a shell, and nothing
/// else: no variables, no patterns, no pipes.
/// </summary>
internal static class RootKeyCommand
{
    private const int MaxOutput = 4096;

    public static RootKey Run(string commandLine, TimeSpan timeout)
    {
        var words = Split(commandLine) ?? throw Failed("has a quote that does not end");
        if (words.Count == 0) throw Failed("is empty");
        var start = new ProcessStartInfo(words[0]) { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var word in words.Skip(1)) start.ArgumentList.Add(word);
        using var process = Start(start);
        process.StandardInput.Close();
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) =>
        {
            lock (output)
            {
                if (line.Data is { } text && output.Length + text.Length <= MaxOutput) output.Append(text);
            }
        };
        process.BeginOutputReadLine();
        if (!process.WaitForExit(timeout))
        {
            process.Kill(entireProcessTree: true);
            throw Failed($"did not end within {timeout.TotalSeconds:0.###} seconds");
        }

        // Waits for the end of the output too.
        process.WaitForExit();
        if (process.ExitCode != 0) throw Failed($"ended with exit code {process.ExitCode}");
        return RootKey.FromBase64(output.ToString().Trim()) ?? throw Failed($"did not print {ReadyKey.Size} bytes in Base64");
    }

    /// <summary>Words of a command line; null when a quote is left open.</summary>
    internal static List<string>? Split(string commandLine)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char quote = '\0';
        foreach (var c in commandLine)
        {
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                else word!.Append(c);
            }
            else if (c is '"' or '\'')
            {
                quote = c;
                word ??= new StringBuilder();
            }
            else if (!char.IsWhiteSpace(c))
            {
                (word ??= new StringBuilder()).Append(c);
            }
            else if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }

        if (word is not null) words.Add(word.ToString());
        return quote == '\0' ? words : null;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw Failed("cannot be started");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw Failed("cannot be started");
        }
    }

    private static RootKeyException Failed(string what) =>
        new(RootKeyFault.CommandFailed, $"The root key command (Custodia:Keys:RootKeyCommand) {what}.");
}
