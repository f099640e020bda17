using Custodia.Kernel.Delivery;

namespace Custodia.Identity.Templates;

/// <summary>Every mail and SMS that Identity sends to people, with what its templates may and must name.</summary>
internal static class MessageCatalogue
{
    private const string Code = "identity.code";
    private const string Notice = "identity.notice";
    private const string Invited = "identity.invitation";

    public static readonly MessageKind SignInCode = Mail("sign-in-code", "SignInCode", Code, "code", "minutes name");
    public static readonly MessageKind SignInLink = Mail("sign-in-link", "SignInLink", Code, "code link", "minutes name");
    public static readonly MessageKind SignUpCode = Mail("sign-up-code", "SignUpCode", Code, "code", "minutes");
    public static readonly MessageKind AlreadyRegistered = Mail("already-registered", "AlreadyRegistered", Notice, "", "");
    public static readonly MessageKind RecoveryCode = Mail("recovery-code", "RecoveryCode", Code, "code", "minutes name");
    public static readonly MessageKind ChangeEmailCode = Mail("change-email-code", "ChangeEmailCode", Code, "code", "minutes");
    public static readonly MessageKind ConfirmCode = Mail("confirm-code", "ConfirmCode", Code, "code", "minutes name");
    public static readonly MessageKind EmailChanged = Mail("email-changed", "EmailChanged", Notice, "", "name");
    public static readonly MessageKind NewDevice = Mail("new-device", "NewDevice", Notice, "", "browser country time name");
    public static readonly MessageKind Invitation = Mail("invitation", "Invitation", Invited, "link", "expires");
    public static readonly MessageKind AccountCreated = Mail("account-created", "AccountCreated", Invited, "link", "");
    public static readonly MessageKind DeletionDueSoon = Mail("deletion-due-soon", "DeletionDueSoon", Notice, "", "dueSoon overdue link name") with { StaffOnly = true };
    public static readonly MessageKind DeletionOverdue = Mail("deletion-overdue", "DeletionOverdue", Notice, "", "dueSoon overdue link name") with { StaffOnly = true };
    public static readonly MessageKind SmsSignInCode = new("sms-sign-in-code", "SmsSignInCode", Channel.Sms, Code) { Required = ["code"], Offered = ["code", "directory", "minutes"] };
    public static readonly MessageKind SmsMobileCode = new("sms-mobile-code", "SmsMobileCode", Channel.Sms, Code) { Required = ["code"], Offered = ["code", "directory", "minutes"] };

    private static readonly MessageKind[] Credentials =
    [
        Credential("password-changed", "PasswordChanged"),
        Credential("password-recovered", "PasswordRecovered"),
        Credential("authenticator-added", "AppAdded"),
        Credential("authenticator-removed", "AppRemoved"),
        Credential("passkey-added", "PasskeyAdded"),
        Credential("passkey-removed", "PasskeyRemoved"),
        Credential("recovery-codes-renewed", "CodesRenewed"),
        Credential("recovery-code-used", "RecoveryCodeUsed"),
        Credential("second-factors-reset", "FactorsReset"),
        Credential("mobile-verified", "MobileVerified"),
    ];

    /// <summary>In the order in which people read them.</summary>
    public static IReadOnlyList<MessageKind> All { get; } =
    [
        SignInCode, SignInLink, SignUpCode, AlreadyRegistered, RecoveryCode, ChangeEmailCode, ConfirmCode, EmailChanged, NewDevice,
        .. Credentials, Invitation, AccountCreated, DeletionDueSoon, DeletionOverdue, SmsSignInCode, SmsMobileCode,
    ];

    public static MessageKind? Find(string id) => All.FirstOrDefault(k => k.Id == id);

    /// <summary>The notice that something about how a person signs in has changed.</summary>
    /// <exception cref="ArgumentException">There is no such notice.</exception>
    public static MessageKind CredentialNotice(string what) =>
        Array.Find(Credentials, k => k.Key == what) ?? throw new ArgumentException($"There is no notice '{what}'.", nameof(what));

    private static MessageKind Mail(string id, string key, string origin, string required, string more) =>
        new(id, key, Channel.Mail, origin) { Required = Words(required), Offered = [.. Words(required), Placeholders.Directory, .. Words(more)] };

    private static MessageKind Credential(string id, string key) => Mail(id, key, Notice, "", "name") with { IsCredentialNotice = true };

    private static string[] Words(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
