namespace Custodia.Identity.Sessions;

/// <summary>
/// The ways in which a person proves who they are, what tokens say about them (<c>amr</c>, RFC 8176 section 2) and the context
/// classes that they add up to (<c>acr</c>, OpenID Connect Core section 2).
/// </summary>
internal static class Authentication
{
    public const string Password = "password";
    public const string MailedCode = "mailed-code";
    public const string MagicLink = "magic-link";
    public const string SmsCode = "sms-code";
    public const string Totp = "totp";
    public const string RecoveryCode = "recovery-code";

    /// <summary>An external identity provider vouched for the person.</summary>
    public const string External = "external";

    /// <summary>A passkey that stays in one device, with the person verified by the device.</summary>
    public const string DevicePasskey = "device-passkey";

    /// <summary>A passkey that a password manager carries from device to device, with the person verified.</summary>
    public const string SyncedPasskey = "synced-passkey";

    /// <summary>What tokens say about these methods: RFC 8176 names, each once, in order; <c>mfa</c> where two kinds of proof came together.</summary>
    public static string Amr(IReadOnlyCollection<string> methods)
    {
        var names = methods.SelectMany(Names).Distinct(StringComparer.Ordinal);
        return string.Join(' ', IsMultiple(methods) ? names.Append("mfa") : names);
    }

    /// <summary>The strongest context class that these methods reach.</summary>
    public static string ContextClass(params IReadOnlyCollection<string> methods) =>
        methods.Any(IsPasskey) ? ContextClasses.Passkey
        : IsMultiple(methods) ? ContextClasses.Multiple
        : methods.Contains(Password, StringComparer.Ordinal) ? ContextClasses.Password
        : methods.Contains(SmsCode, StringComparer.Ordinal) ? ContextClasses.SmsCode
        : methods.Contains(External, StringComparer.Ordinal) ? ContextClasses.External
        : ContextClasses.MailedCode;

    /// <summary>The classes that a session reaches: its own and those that its proofs hold besides.</summary>
    public static HashSet<string> ClassesReached(string amr, string acr)
    {
        HashSet<string> reached = [acr];
        foreach (var name in amr.Split(' '))
        {
            if (name == "mfa") reached.Add(ContextClasses.Multiple);
            else if (name == "pwd") reached.Add(ContextClasses.Password);
            else if (name == "sms") reached.Add(ContextClasses.SmsCode);
            else if (name == External) reached.Add(ContextClasses.External);
        }

        return reached;
    }

    /// <summary>The first proof that a session began with.</summary>
    public static IReadOnlyList<string> FirstMethods(string amr)
    {
        var names = amr.Split(' ');
        return
        [
            names.Contains("pwd") ? Password
            : names.Contains("sms") ? SmsCode
            : names.Contains(External) ? External
            : names.Contains("hwk") ? DevicePasskey
            : names.Contains("swk") ? SyncedPasskey
            : MailedCode,
        ];
    }

    public static bool IsPasskey(string method) => method is DevicePasskey or SyncedPasskey;

    /// <summary>A passkey with the person verified is two factors in one; else a first proof and a second factor.</summary>
    private static bool IsMultiple(IReadOnlyCollection<string> methods) =>
        methods.Any(IsPasskey) || (methods.Any(m => m is Totp or RecoveryCode) && methods.Any(m => m is not (Totp or RecoveryCode)));

    private static string[] Names(string method) => method switch
    {
        Password => ["pwd"],
        SmsCode => ["sms"],
        // No name is registered for another provider's word; RFC 8176 section 1 leaves further names to the parties.
        External => ["external"],
        DevicePasskey => ["hwk", "user"],
        SyncedPasskey => ["swk", "user"],
        _ => ["otp"],
    };
}

/// <summary>The authentication context classes, weakest first.</summary>
internal static class ContextClasses
{
    /// <summary>An external identity provider vouched for the person.</summary>
    public const string External = "urn:custodia:acr:external";

    /// <summary>A code or link from the person's mail.</summary>
    public const string MailedCode = "urn:custodia:acr:mailed-code";

    /// <summary>A code from the person's mobile.</summary>
    public const string SmsCode = "urn:custodia:acr:sms-code";

    /// <summary>A password alone.</summary>
    public const string Password = "urn:custodia:acr:password";

    /// <summary>A first proof and a second factor.</summary>
    public const string Multiple = "urn:custodia:acr:mfa";

    /// <summary>A passkey with the person verified by their device: two factors in one that cannot be phished.</summary>
    public const string Passkey = "urn:custodia:acr:passkey";

    public static readonly IReadOnlyList<string> All = [External, MailedCode, SmsCode, Password, Multiple, Passkey];
}
