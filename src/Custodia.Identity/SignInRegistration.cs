using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.Browsers;
using Custodia.Identity.Factors;
using Custodia.Identity.Passkeys;
using Custodia.Identity.PersonData;
using Custodia.Identity.Recovery;
using Custodia.Identity.RecoveryCodes;
using Custodia.Identity.Rules;
using Custodia.Identity.SignIn;
using Custodia.Identity.Sms;
using Custodia.Identity.Totp;
using Custodia.Kernel.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity;

/// <summary>What Identity has for signing in beyond the first proof: rules, second factors, known browsers.</summary>
internal static class SignInRegistration
{
    public static void AddSignIn(this ModuleBuilder module)
    {
        var services = module.Services;
        services.AddScoped<SignInRuleStore>();
        services.AddScoped<SignInCompletion>();
        services.AddScoped<SignInProgress>();
        services.AddScoped<SecondFactorDecision>();
        services.AddScoped<PendingSignIns>();
        services.AddScoped<SecondCode>();
        services.AddScoped<SecondProof>();
        services.AddScoped<PasskeySignIn>();
        services.AddScoped<VerifiedMobiles>();
        services.AddScoped<SmsLimits>();
        services.AddScoped<CodeSms>();
        services.AddScoped<SmsRequest>();
        services.AddScoped<SmsSignIn>();
        services.AddScoped<MobileChange>();
        services.AddScoped<MobileSwap>();
        services.AddScoped<UserSignIns>();
        services.AddScoped<FactorReset>();
        services.AddScoped<CodeMail>();
        services.AddSingleton<SameTime>();
        services.AddScoped<RecoveryStart>();
        services.AddScoped<PasswordRecovery>();
        services.AddScoped<PasswordReset>();
        services.AddScoped<KnownDevices>();
        services.AddScoped<NewDeviceMail>();
        services.AddScoped<TotpFactors>();
        services.AddScoped<RecoveryCodeSet>();
        services.AddScoped<SecondFactors>();
        services.AddScoped<FactorEnrolment>();
        services.AddScoped<EnrolmentMail>();
        services.AddScoped<CredentialNotices>();
        services.AddScoped<IPersonData, CredentialData>();
        services.AddSingleton(new DirectorySection("sign-in", () => SignInTexts.Of("Rules_Tab"), 20, Permissions.DirectoriesRead));
        PasskeySetup.Add(services);
        module.AddRetentionRule<PendingSignInAge>().AddRetentionRule<DeviceAge>().AddRetentionRule<SmsCountAge>().AddRetentionRule<SignInRulesTermination>();
        services.AddSingleton(new NoticeText("sign-in-over", () => SignInTexts.Of("SignInOver"), Tone.Info));
        services.AddSingleton(new NoticeText("password-recovered", () => SignInTexts.Of("PasswordRecovered")));
        services.AddSingleton(new NoticeText("mobile-verified", () => SignInTexts.Of("MobileVerified")));
        services.AddSingleton(new NoticeText("factors-reset", () => SignInTexts.Of("FactorsReset")));
        services.AddSingleton(new NoticeText("sessions-ended", () => SignInTexts.Of("SessionsEnded")));
        services.AddSingleton(new NoticeText("factor-removed", () => SignInTexts.Of("FactorRemoved")));
        services.AddSingleton(new NoticeText("passkey-refused", () => SignInTexts.Of("PasskeyRefused"), Tone.Danger));
    }
}
