using Custodia.Identity.Codes;
using Custodia.Identity.Directories;
using Custodia.Identity.Users;
using Custodia.Kernel.Hosting;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.SignIn;

/// <summary>The mail with a code to sign in and, where the directory wants it, a link beside it.</summary>
internal sealed class CodeMail(IdentityMails mails, IOptions<CustodiaOptions> options)
{
    /// <summary>Part of the caller's transaction.</summary>
    public Task SendAsync(Directory directory, User user, string address, MailedCode code, CancellationToken cancellation)
    {
        if (code.Link is null) return mails.SignInCodeAsync(directory, user, address, code.Digits, cancellation);
        var back = code.Return is null ? "" : "&return=" + Uri.EscapeDataString(code.Return);
        return mails.SignInLinkAsync(
            directory, user, address, code.Digits, $"{options.Value.PublicUrl.TrimEnd('/')}/d/{directory.Name}/sign-in/link?link={code.Link}{back}", cancellation);
    }
}

/// <param name="Link">The secret of the link; null for none.</param>
/// <param name="Return">Where the person wants to go.</param>
internal readonly record struct MailedCode(string Digits, string? Link, string? Return)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => "(code)";
}
